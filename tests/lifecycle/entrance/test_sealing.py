from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.entrance.by_password import by_password, password_by_link
from muster.lifecycle.entrance.sealing import keep_sealed
from muster.lifecycle.entrance.seals import person_seal
from muster.ports.directory import Person
from muster.ports.ledger import Conflict
from muster.records.access.credentials import SignInBy
from muster.records.entry import Basis

if TYPE_CHECKING:
    from tests.entered import Entered


def held(entered: Entered, actor: str) -> Person:
    return entered.house.directory.person(actor) or Person(actor)


def test_directory_and_ledger_change_together(entered: Entered) -> None:
    after = keep_sealed(entered.house, "ana", SignInBy.PASSWORD, lambda person: replace(person, password="one"))
    assert held(entered, "ana") == after
    assert entered.entries("credential.set")[-1]["digest"] == person_seal(after, SignInBy.PASSWORD)


def test_where_the_ledger_refuses_nothing_has_changed(entered: Entered) -> None:
    before = keep_sealed(entered.house, "ana", SignInBy.PASSWORD, lambda person: replace(person, password="one"))
    stale = Basis(0, frozenset({"actor:ana"}))
    with pytest.raises(Conflict):
        keep_sealed(
            entered.house, "ana", SignInBy.PASSWORD, lambda person: replace(person, password="two"), expect=stale
        )
    assert held(entered, "ana") == before
    assert len(entered.entries("credential.set")) == 1


def test_of_many_who_use_one_link_at_once_one_comes_in_and_stays_able_to(entered: Entered) -> None:
    passwords = entered.door.ways.passwords
    assert passwords is not None
    link, ready, came = entered.link("ana"), threading.Barrier(6), []

    def use(password: str) -> None:
        ready.wait()
        try:
            password_by_link(entered.house, passwords, link, password)
        except PermissionError:
            return
        came.append(password)

    threads = [threading.Thread(target=use, args=(f"{n} green herons wait",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (password,) = came
    by_password(entered.house, passwords, "ana", password)
    assert entered.alerts() == []
