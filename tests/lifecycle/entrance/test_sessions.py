from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.entrance.seals import secret_digest
from muster.lifecycle.entrance.sessions import close, end_all, end_others, enter, open_session
from muster.ports.directory import Session
from muster.records.access.alert import Suspicious
from muster.records.access.credentials import SignInBy
from muster.records.people import Role

if TYPE_CHECKING:
    from tests.entered import Entered


def opened(entered: Entered, actor: str, *roles: Role) -> str:
    return open_session(entered.house, entered.door.ways, actor, SignInBy.PASSWORD, roles=roles)


def come(entered: Entered, value: str) -> tuple[set[Role], Session]:
    identity, session = enter(entered.house, entered.door.ways, value)
    assert identity.session == session.id
    return set(identity.roles), session


def test_a_session_stands_for_its_actor_with_the_roles_that_they_hold_now(entered: Entered) -> None:
    value = opened(entered, "max")
    assert come(entered, value)[0] == {Role.ML_ENGINEER}
    entered.do("admin", "role withdraw", actor="max", role="ml-engineer", reason="moved on")
    assert come(entered, value)[0] == set()


def test_only_the_digest_of_its_value_is_kept(entered: Entered) -> None:
    value = opened(entered, "ana")
    (session,) = entered.house.directory.sessions("ana")
    assert session.digest == secret_digest(value)
    (entry,) = entered.entries("session.opened")
    assert value not in str(entry)
    assert value not in str(session)
    assert len(value) == 43, "256 random bits"


def test_roles_of_groups_last_as_long_as_the_session(entered: Entered) -> None:
    assert come(entered, opened(entered, "max", Role.OPERATOR))[0] == {Role.ML_ENGINEER, Role.OPERATOR}
    assert come(entered, opened(entered, "max"))[0] == {Role.ML_ENGINEER}


def test_a_role_that_signs_off_is_never_brought_by_a_session(entered: Entered) -> None:
    assert come(entered, opened(entered, "max", Role.VALIDATOR, Role.ADMIN))[0] == {Role.ML_ENGINEER}


def test_a_session_that_is_not_used_ends(entered: Entered) -> None:
    value = opened(entered, "ana")
    entered.hands.passed = timedelta(minutes=29)
    come(entered, value)
    entered.hands.passed = timedelta(minutes=58)
    come(entered, value)
    entered.hands.passed = timedelta(minutes=89)
    with pytest.raises(PermissionError, match="not used for 30 minutes"):
        come(entered, value)
    entered.hands.passed = timedelta()
    with pytest.raises(PermissionError, match="has ended"):
        come(entered, value)


def test_a_session_ends_however_much_it_is_used(entered: Entered) -> None:
    value = opened(entered, "ana")
    for minutes in range(20, 12 * 60, 20):
        entered.hands.passed = timedelta(minutes=minutes)
        come(entered, value)
    entered.hands.passed = timedelta(hours=12, seconds=1)
    with pytest.raises(PermissionError, match="has ended"):
        come(entered, value)


def test_a_closed_session_is_worth_nothing_even_if_the_directory_has_it_back(entered: Entered) -> None:
    value = opened(entered, "ana")
    _, session = come(entered, value)
    close(entered.house, session, "signed out")
    entered.house.directory.open_session(session)
    with pytest.raises(PermissionError, match="was ended"):
        come(entered, value)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "admin"},
        {"roles": ("admin", "auditor")},
        {"expires_at": timedelta(days=30)},
        {"digest": secret_digest("a value of the attacker's own")},
    ],
)
def test_editing_the_directory_gains_nothing(entered: Entered, change: dict[str, object]) -> None:
    value = opened(entered, "max")
    _, session = come(entered, value)
    if "expires_at" in change:
        change = {"expires_at": session.expires_at + timedelta(days=30)}
    entered.house.directory.close_session(session.id)
    entered.house.directory.open_session(replace(session, **change))  # type: ignore[arg-type]
    carried = "a value of the attacker's own" if "digest" in change else value
    with pytest.raises(Suspicious, match="the directory was changed") as refusal:
        come(entered, carried)
    assert refusal.value.what == "directory-changed"


def test_a_session_that_the_ledger_does_not_know_is_worth_nothing(entered: Entered) -> None:
    _, session = come(entered, opened(entered, "max"))
    forged = replace(session, id="s0", actor="admin", digest=secret_digest("mine"))
    entered.house.directory.open_session(forged)
    with pytest.raises(PermissionError, match="was ended"):
        come(entered, "mine")


def test_whoever_is_removed_is_out_at_once(entered: Entered) -> None:
    value = opened(entered, "max")
    entered.do("admin", "actor remove", id="max", reason="left")
    with pytest.raises(PermissionError):
        come(entered, value)


def test_all_sessions_of_an_actor_end_together_or_all_but_one(entered: Entered) -> None:
    first, second, other = opened(entered, "ana"), opened(entered, "ana"), opened(entered, "max")
    end_others(entered.house, come(entered, first)[1], "a new password was set")
    come(entered, first)
    with pytest.raises(PermissionError):
        come(entered, second)
    end_all(entered.house, "ana", "lost the machine")
    with pytest.raises(PermissionError):
        come(entered, first)
    come(entered, other)


def test_people_see_and_end_their_own_sessions_and_admins_everybodys(entered: Entered) -> None:
    ana, other = opened(entered, "ana"), opened(entered, "max")
    assert {session.actor for session in entered.do("admin", "session list")} == {"ana", "max"}
    (mine,) = entered.do("ana", "session list")
    assert mine.actor == "ana"
    of_max = come(entered, other)[1].id
    with pytest.raises(LookupError, match="of yours"):
        entered.do("ana", "session revoke", id=of_max, reason="no")
    entered.do("ana", "session revoke", id=mine.id, reason="that was not me")
    entered.do("admin", "session revoke", id=of_max, reason="stolen")
    for value in (ana, other):
        with pytest.raises(PermissionError):
            come(entered, value)
    assert [entry["reason"] for entry in entered.entries("session.closed")] == ["that was not me", "stolen"]


def test_everybody_may_ask_who_they_are(entered: Entered) -> None:
    me = entered.do("max", "whoami")
    assert (me.id, me.actor, [held.role for held in me.roles]) == ("max", "local:max", [Role.ML_ENGINEER])
    assert me.roles[0].everywhere
    assert me.session == ""


def test_where_a_role_counts_is_said(entered: Entered) -> None:
    entered.do("admin", "role grant", actor="max", role="operator", business_units=["retail"])
    held = {each.role: each for each in entered.do("max", "whoami").roles}
    assert (held[Role.OPERATOR].everywhere, held[Role.OPERATOR].business_units) == (False, ("retail",))
