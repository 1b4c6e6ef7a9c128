from __future__ import annotations

from datetime import timedelta

from tests.rules.scene import NOW
from tests.rules.standing.scene import RELEASE

from muster.records.governance.terms import LapseAction
from muster.rules.standing.state import Lapse, Standing, State

LAPSES = (Lapse("discrimination", "too low", NOW), Lapse("", "the release was revoked", NOW + timedelta(hours=1)))
ENDS = NOW + timedelta(hours=6)


def made(state: State, action: LapseAction, *, graceless: bool = False) -> Standing:
    return Standing(RELEASE, state, LAPSES, NOW, action, ENDS, graceless)


def test_reasons_are_sentences_and_it_fell_out_with_the_first_of_them() -> None:
    found = made(State.LAPSED, LapseAction.SUSPEND)
    assert found.reasons == ("discrimination: too low", "the release was revoked")
    assert found.since == NOW
    assert Standing(RELEASE, State.IN_FORCE, (), ENDS).since is None


def test_it_is_served_while_it_stands_in_grace_and_where_people_are_only_told() -> None:
    assert made(State.IN_GRACE, LapseAction.SUSPEND).served
    assert not made(State.LAPSED, LapseAction.SUSPEND).served
    assert made(State.LAPSED, LapseAction.ALERT).served
    assert not made(State.LAPSED, LapseAction.ALERT, graceless=True).served
    assert not made(State.UNKNOWN, LapseAction.ALERT).served
    assert not made(State.REVOKED, LapseAction.ALERT).served


def test_gateways_stop_at_the_end_of_grace_unless_people_are_only_told() -> None:
    assert made(State.IN_GRACE, LapseAction.SUSPEND).stops == ENDS
    assert made(State.IN_GRACE, LapseAction.ALERT).stops is None
    assert made(State.LAPSED, LapseAction.SUSPEND).stops is None
