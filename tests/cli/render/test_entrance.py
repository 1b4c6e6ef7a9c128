from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from muster.lifecycle.entrance.links import NewLink
from muster.lifecycle.entrance.sessions import Held, WhoIAm
from muster.records.people import Role
from muster.wiring.entrance.terminal import SignedIn


def test_who_one_is_is_said_with_where_roles_count(shown: Callable[..., str]) -> None:
    roles = (Held(Role.AUDITOR, everywhere=True), Held(Role.OPERATOR, everywhere=False, business_units=("retail",)))
    said = shown(WhoIAm("ana", "ana", roles, "", read_only=False, session="s1"))
    assert "auditor; operator for retail" in said
    assert "session or token s1" in said


def test_a_service_account_and_local_mode_are_named_as_such(shown: Callable[..., str]) -> None:
    said = shown(WhoIAm("nightly", "local:ana/nightly", (), "ana", read_only=True, session=""))
    assert "answers for it" in said
    assert "only read" in said
    assert "local mode" in said
    assert "none: an admin grants them" in said


def test_a_link_stands_whole_on_a_line(shown: Callable[..., str]) -> None:
    secret = "x" * 120
    said = shown(NewLink("ana", f"/enter?link={secret}", datetime(2026, 11, 23, 10, tzinfo=UTC)))
    assert f"/enter?link={secret}\n" in said
    assert "2026-11-23 10:00 UTC" in said


def test_a_sign_in_says_where_the_token_is(shown: Callable[..., str]) -> None:
    said = shown(SignedIn("https://muster.bank.example", "ana", 12.0, "/x/sessions.json"))
    assert "/x/sessions.json" in said
    assert "12 hours at most" in said
