from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from tests.entered import PASSWORD, quick

from muster.adapters.passwords import Argon2
from muster.lifecycle.entrance.by_password import WRONG, by_password, password_by_link, set_password
from muster.ports.directory import Passwords, Person
from muster.records.access.alert import Suspicious
from muster.records.canonical import canonical

if TYPE_CHECKING:
    from tests.entered import Entered


def passwords_of(entered: Entered) -> Passwords:
    assert entered.door.ways.passwords is not None
    return entered.door.ways.passwords


def test_the_right_password_is_taken_and_nothing_else(entered: Entered) -> None:
    entered.give_password("ana")
    by_password(entered.house, passwords_of(entered), "ana", PASSWORD)
    for actor, password in (("ana", PASSWORD + "."), ("ana", ""), ("max", PASSWORD), ("nobody", PASSWORD), ("", "")):
        with pytest.raises(PermissionError) as refusal:
            by_password(entered.house, passwords_of(entered), actor, password)
        assert str(refusal.value) == WRONG, "the same words, whatever was wrong"


def test_neither_password_nor_hash_is_in_the_ledger(entered: Entered) -> None:
    entered.give_password("ana")
    person = entered.house.directory.person("ana")
    assert person is not None
    (entry,) = entered.entries("credential.set")
    assert person.password.startswith("$argon2id$")
    assert PASSWORD.encode() not in canonical(entry)
    assert person.password.encode() not in canonical(entry)


def test_a_hash_that_was_exchanged_in_the_directory_opens_nothing(entered: Entered) -> None:
    entered.give_password("ana")
    person = entered.house.directory.person("ana")
    assert person is not None
    theirs = quick().hashed("what the attacker knows")
    entered.house.directory.keep(replace(person, password=theirs))
    for password in ("what the attacker knows", PASSWORD):
        with pytest.raises(Suspicious, match="the directory was changed") as refusal:
            by_password(entered.house, passwords_of(entered), "ana", password)
        assert refusal.value.what == "directory-changed"


def test_the_hash_of_another_person_opens_nothing_either(entered: Entered) -> None:
    entered.give_password("max")
    maxs = entered.house.directory.person("max")
    assert maxs is not None
    entered.house.directory.keep(Person("admin", password=maxs.password))
    with pytest.raises(Suspicious):
        by_password(entered.house, passwords_of(entered), "admin", PASSWORD)


def test_whoever_was_removed_comes_in_no_more(entered: Entered) -> None:
    entered.give_password("max")
    entered.do("admin", "actor remove", id="max", reason="left")
    with pytest.raises(PermissionError):
        by_password(entered.house, passwords_of(entered), "max", PASSWORD)


def test_an_outdated_hash_is_made_again_at_sign_in(entered: Entered) -> None:
    entered.give_password("ana")
    stronger = Argon2(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    by_password(entered.house, stronger, "ana", PASSWORD)
    person = entered.house.directory.person("ana")
    assert person is not None
    assert "m=16,t=2" in person.password
    by_password(entered.house, stronger, "ana", PASSWORD)
    assert len(entered.entries("credential.set")) == 2


def test_a_link_sets_a_password_once(entered: Entered) -> None:
    link = entered.link("ana")
    assert password_by_link(entered.house, passwords_of(entered), link, PASSWORD) == "ana"
    by_password(entered.house, passwords_of(entered), "ana", PASSWORD)
    with pytest.raises(PermissionError, match="not good any more"):
        password_by_link(entered.house, passwords_of(entered), link, "another green heron")


def test_a_password_that_will_not_do_leaves_the_link_good(entered: Entered) -> None:
    link = entered.link("ana")
    with pytest.raises(ValueError, match="12 characters"):
        password_by_link(entered.house, passwords_of(entered), link, "short")
    assert password_by_link(entered.house, passwords_of(entered), link, PASSWORD) == "ana"


def test_the_name_of_the_person_is_no_password(entered: Entered) -> None:
    entered.do("admin", "person set", actor="ana", name="Ana Vasconcelos", email="ana@bank.example")
    with pytest.raises(ValueError, match="little more than the name"):
        set_password(entered.house, passwords_of(entered), "ana", "Vasconcelos2026")


def test_where_the_ledger_refuses_the_directory_is_as_before(entered: Entered) -> None:
    entered.give_password("ana")
    broken = replace(entered.house, ledger=Refusing(entered.house.ledger))  # type: ignore[arg-type]
    with pytest.raises(OSError, match="disk full"):
        set_password(broken, passwords_of(entered), "ana", "another green heron")
    by_password(entered.house, passwords_of(entered), "ana", PASSWORD)


class Refusing:
    """A ledger that reads and cannot write."""

    def __init__(self, ledger: object) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    def append(self, *_: object) -> None:
        msg = "disk full"
        raise OSError(msg)


def test_a_sign_in_by_the_old_password_does_not_bring_it_back_over_a_new_one(entered: Entered) -> None:
    entered.give_password("ana")

    class Slow(Argon2):
        """Finds the hash outdated, and while it is about to be made again, a new password is set."""

        def outdated(self, kept: str) -> bool:
            entered.give_password("ana", "a password of today")
            return bool(kept)

    by_password(entered.house, Slow(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)), "ana", PASSWORD)
    by_password(entered.house, passwords_of(entered), "ana", "a password of today")
    with pytest.raises(PermissionError, match="name or password is wrong"):
        by_password(entered.house, passwords_of(entered), "ana", PASSWORD)
