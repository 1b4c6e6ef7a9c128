"""The attacker can write to the directory, where people's ways in are kept; through the page where people sign in."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.entered import PASSWORD, csrf

if TYPE_CHECKING:
    from tests.entered import Entered

    from muster.ports.directory import Person

THEIRS = "a password of the thief"


def tried(entered: Entered, actor: str, password: str) -> str:
    """Sign in with a browser of one's own; return what the page says is wrong, nothing where one is in."""
    browser = entered.browser()
    form = {"csrf": csrf(browser.get("/sign-in").text), "actor": actor, "password": password}
    answer = browser.post("/sign-in", data=form)
    entered.hands.passed += timedelta(minutes=1)
    return html.unescape("".join(re.findall(r'role="alert">([^<]*)<', answer.text)))


def held(entered: Entered, actor: str) -> Person:
    person = entered.house.directory.person(actor)
    assert person is not None
    return person


def test_a_password_hash_that_was_exchanged_opens_nothing(entered: Entered) -> None:
    entered.give_password("ana")
    entered.give_password("max", THEIRS)
    entered.house.directory.keep(replace(held(entered, "ana"), password=held(entered, "max").password))
    before = entered.house.ledger.refresh()
    for password in (THEIRS, PASSWORD):
        said = tried(entered, "ana", password)
        assert "what ana signs in with is not what the ledger knows of. Nobody comes in by it" in said
    assert set(entered.alerts()) == {"directory-changed"}
    assert {recorded.entry.kind for recorded in entered.house.ledger.read(start=before)} == {"action.refused"}
    assert not entered.house.directory.sessions("ana")
    assert tried(entered, "max", THEIRS) == "", "who was not touched comes in"


def test_an_older_copy_of_the_directory_brings_no_old_password_back(entered: Entered) -> None:
    entered.give_password("ana", "a password that leaked")
    old = held(entered, "ana")
    entered.give_password("ana")
    entered.house.directory.keep(old)
    assert "The directory was changed" in tried(entered, "ana", "a password that leaked")
    assert entered.alerts() == ["directory-changed"]


def test_an_admin_who_takes_over_somebody_s_way_in_does_not_do_it_unheard(entered: Entered) -> None:
    """An admin makes links, so this one cannot be refused; but people hear of it, and the owner is out and notices."""
    ana = entered.signed_in("ana")
    link = entered.link("ana")
    assert entered.alerts() == ["sign-in-replaced"]
    thief = entered.browser()
    form = {"csrf": csrf(thief.get("/enter", params={"link": link}).text), "link": link}
    assert thief.post("/enter", data={**form, "password": THEIRS, "again": THEIRS}).status_code == 303
    assert ana.get("/").headers["location"] == "/sign-in"
    entered.link("ana")
    written = [recorded.entry.actor for recorded in entered.house.ledger.read(kind="credential.set")]
    assert written.count("local:admin") == 2
