from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.entrance.links import link_used, require_link
from muster.lifecycle.entrance.seals import secret_digest

if TYPE_CHECKING:
    from tests.entered import Entered


def test_a_link_says_whose_it_is_and_the_ledger_holds_only_its_digest(entered: Entered) -> None:
    made = entered.do("admin", "actor link", id="ana")
    secret = made.path.partition("link=")[2]
    assert require_link(entered.house, secret) == "ana"
    (credential,) = entered.entries("credential.set")
    assert credential["digest"] == secret_digest(secret)
    assert secret not in str(credential)
    assert made.expires_at - entered.house.clock() <= timedelta(hours=1)


def test_a_link_is_good_once(entered: Entered) -> None:
    secret = entered.link("ana")
    assert link_used(entered.house, secret) == "ana"
    with pytest.raises(PermissionError, match="not good any more"):
        link_used(entered.house, secret)


def test_of_several_who_use_a_link_at_the_same_moment_one_comes_in(entered: Entered) -> None:
    secret, came = entered.link("ana"), []
    ready = threading.Barrier(4)

    def use() -> None:
        ready.wait()
        try:
            came.append(link_used(entered.house, secret))
        except PermissionError:
            came.append("")

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["", "", "", "ana"]


def test_a_link_ends_by_itself(entered: Entered) -> None:
    secret = entered.link("ana", hours=2)
    entered.hands.passed = timedelta(minutes=119)
    assert require_link(entered.house, secret) == "ana"
    entered.hands.passed = timedelta(minutes=121)
    with pytest.raises(PermissionError, match="its time is over"):
        require_link(entered.house, secret)


def test_a_new_link_replaces_the_old_one(entered: Entered) -> None:
    old, new = entered.link("ana"), entered.link("ana")
    with pytest.raises(PermissionError):
        require_link(entered.house, old)
    assert require_link(entered.house, new) == "ana"


def test_the_link_of_somebody_removed_is_worth_nothing(entered: Entered) -> None:
    secret = entered.link("max")
    entered.do("admin", "actor remove", id="max", reason="left")
    with pytest.raises(PermissionError):
        require_link(entered.house, secret)


def test_guessing_and_nothing_open_nothing(entered: Entered) -> None:
    entered.link("ana")
    for secret in ("", "x", "0" * 43):
        with pytest.raises(PermissionError):
            require_link(entered.house, secret)


def test_only_an_admin_makes_links_and_only_for_people_who_are_there(entered: Entered) -> None:
    with pytest.raises(PermissionError, match="needs the role admin"):
        entered.do("ana", "actor link", id="ana")
    with pytest.raises(LookupError, match="no actor 'nobody'"):
        entered.do("admin", "actor link", id="nobody")
    with pytest.raises(ValueError, match="1 to 168 hours"):
        entered.do("admin", "actor link", id="ana", hours=0)
    entered.do("admin", "actor add", id="nightly", roles=["operator"], responsible="ana")
    with pytest.raises(ValueError, match="signs in nowhere"):
        entered.do("admin", "actor link", id="nightly")


def test_people_hear_of_a_new_way_in_for_somebody_who_has_one(entered: Entered) -> None:
    entered.link("ana")
    assert entered.alerts() == [], "an invitation is no news"
    entered.give_password("ana")
    entered.link("ana")
    (alert,) = entered.heard.alerts
    assert (alert.what, alert.about) == ("sign-in-replaced", "actor:ana")
    assert alert.words.startswith("local:admin made a one-time link for ana, who signs in already")
