"""Which waivers count, for the verifier as for the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rules.scene import (
    ANALYST,
    AUC,
    AUTHOR,
    INPUTS,
    LIBRARY,
    NOW,
    POLICY,
    TICK,
    VALIDATOR,
    VERSION,
    auc,
    entry,
    inputs,
    waiver,
    without,
)  # fmt: skip
from tests.verifier.agreeing import outcome

from muster.records.canonical import digest
from muster.records.decision import Waiver
from muster.records.entry import Entry
from muster.records.governance.waivers import WaiverRequest, WithdrawnWaiver

BAD = [*without("evidence.recorded"), entry(inputs()), entry(auc(0.6))]
ASKED = WaiverRequest(VERSION, "discrimination", "production", "needed now", "weekly review", NOW + timedelta(days=9))


def named(each: Entry) -> str:
    return digest(each.to_bytes())


def found(*more: Entry, **options: Any) -> str:
    return outcome([*BAD, *more], "discrimination", **options)


def granted(asked: Entry, **changes: Any) -> Entry:
    return entry(replace(waiver(), **{"request": named(asked), **changes}), ANALYST)


@pytest.mark.parametrize(
    ("given", "by", "came_out"),
    [
        (waiver(), ANALYST, "waived"),
        (waiver(), "owner", "not-met"),
        (waiver(), "", "not-met"),
        (waiver(asked=""), ANALYST, "not-met"),
        (waiver(), AUTHOR, "not-met"),
        (waiver(asked=f"{AUTHOR}/nightly"), ANALYST, "not-met"),
        (waiver("no-age"), ANALYST, "not-met"),
        (waiver(expires=NOW), ANALYST, "not-met"),
        (waiver(expires=NOW + TICK), ANALYST, "waived"),
    ],
)
def test_a_waiver_is_by_two_people_for_one_control_for_a_time(given: Waiver, by: str, came_out: str) -> None:
    assert found(entry(given, by)) == came_out


def test_makers_waive_nothing_even_where_duties_are_not_separate() -> None:
    assert found(entry(waiver(), AUTHOR), policy=replace(POLICY, separation_of_duties=False)) == "not-met"


def test_another_waiver_that_counts_is_found_behind_one_that_does_not() -> None:
    assert found(entry(waiver(), "owner"), entry(waiver("no-age"), ANALYST), entry(waiver(), ANALYST)) == "waived"


def test_what_is_not_waivable_or_not_known_is_not_waived() -> None:
    hard = replace(LIBRARY, controls=(replace(AUC, waivable=False), INPUTS))
    assert found(entry(waiver(), ANALYST), library=hard) == "not-met"
    future = [*without("evidence.recorded"), entry(auc(), at=NOW + timedelta(hours=1)), entry(waiver(), ANALYST)]
    assert outcome(future, "discrimination") == "unknown"


def test_one_that_was_withdrawn_counts_no_more_and_no_other() -> None:
    given = entry(waiver(), ANALYST)
    assert found(given, entry(WithdrawnWaiver(VERSION, named(given), "x"), VALIDATOR)) == "not-met"
    assert found(given, entry(WithdrawnWaiver(VERSION, digest(b"other"), "x"), VALIDATOR)) == "waived"


@pytest.mark.parametrize(
    ("changes", "came_out"),
    [
        ({}, "waived"),
        ({"request": digest(b"none")}, "not-met"),
        ({"reason": "another"}, "not-met"),
        ({"compensating_control": "none"}, "not-met"),
        ({"expires_at": ASKED.expires_at + TICK}, "not-met"),
        ({"expires_at": ASKED.expires_at - TICK}, "waived"),
        ({"requested_by": VALIDATOR}, "not-met"),
    ],
)
def test_what_is_granted_is_what_was_asked_for(changes: dict[str, Any], came_out: str) -> None:
    asked = entry(ASKED, "owner")
    assert found(asked, granted(asked, **changes)) == came_out


def test_what_was_asked_for_another_control_grants_nothing_here() -> None:
    asked = entry(replace(ASKED, control="no-age"), "owner")
    assert found(asked, granted(asked)) == "not-met"
