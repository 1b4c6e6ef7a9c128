from __future__ import annotations

from collections.abc import Callable

from muster.lifecycle.access.actors import NewActor
from muster.lifecycle.govern import ApprovalRequest
from muster.wiring.founding import NewHouse


def test_a_token_is_shown_whole_and_says_that_it_is_shown_once(shown: Callable[..., str]) -> None:
    text = shown(NewActor("ana", ("owner",), "muster_" + "x" * 43))
    assert "muster_" + "x" * 43 in text
    assert "shown this once" in text


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
