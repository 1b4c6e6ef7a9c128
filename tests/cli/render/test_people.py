from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from muster.lifecycle.access.actors import NewActor
from muster.lifecycle.access.lines import ActorPage, RoleLine, TokenLine
from muster.lifecycle.access.tokens import NewToken
from muster.lifecycle.govern.drafting import ApprovalRequest
from muster.wiring.founding import NewHouse


def test_a_token_is_shown_whole_and_says_that_it_is_shown_once(shown: Callable[..., str]) -> None:
    text = shown(NewActor("ana", ("owner",), "muster_" + "x" * 43))
    assert "muster_" + "x" * 43 in text
    assert "shown this once" in text


def test_what_a_second_person_must_do_is_said(shown: Callable[..., str]) -> None:
    ends = datetime(2027, 2, 21, tzinfo=UTC)
    text = shown(NewActor("ana", (), "muster_x", ends, ("ana:owner:1",)))
    assert "none in force yet" in text
    assert "it ends on 2027-02-21" in text
    assert "another person confirms the role: muster role confirm ana:owner:1" in text
    proposed = RoleLine("ana", "owner", "everywhere", "proposed", ("admin",), "ana:owner:1", ends, "as agreed")
    assert "muster role confirm ana:owner:1" in shown(proposed)
    in_force = replace(proposed, state="in force", until=None)
    assert "confirm" not in shown(in_force)
    assert "until" not in shown(in_force)


def test_an_actor_is_shown_with_what_there_is_to_say(shown: Callable[..., str]) -> None:
    page = ActorPage("ana", "", "active", "", ("robot",), (), ())
    text = shown(page)
    assert "robot" in text
    assert "name" not in text
    assert "no roles" in text
    assert "no tokens" in text
    ends = datetime(2027, 2, 21, tzinfo=UTC)
    token = TokenLine("0f", "ana", "nightly", "good", ends, (), True, "ana")
    assert "nightly" in shown(replace(page, tokens=(token,)))


def test_a_new_token_says_what_it_is_good_for(shown: Callable[..., str]) -> None:
    made = NewToken("0f", "ana", datetime(2027, 2, 21, tzinfo=UTC), (), True, "muster_0f_x")
    text = shown(made)
    assert "muster_0f_x" in text
    assert "reading" in text
    assert "all that its actor may" in shown(replace(made, read_only=False))


def test_a_new_house_says_what_to_keep_and_what_to_do(shown: Callable[..., str]) -> None:
    house = NewHouse("home", "bank.example/credit", "sha256:" + "a" * 64, "admin", "muster_t")
    text = shown(house)
    assert "sha256:" + "a" * 64 in text
    assert "home/keys/root.pem" in text
    assert "sha256:" + "a" * 64 in shown(house, width=60)
    assert "muster up" in text


def test_what_is_to_be_signed_is_shown_as_it_is(shown: Callable[..., str]) -> None:
    text = shown(ApprovalRequest("I, ana, approve [x]\n  two", "payload", "sha256:d"))
    assert text.startswith("I, ana, approve [x]\n  two\n")
    assert "sha256:d" in text
