"""What a waiver needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rules.scene import (
    ANALYST,
    AUTHOR,
    NOW,
    TICK,
    asked,
    auc,
    entry,
    finding,
    inputs,
    waiver,
    without,
)

from muster.records.decision import Finding


@pytest.mark.parametrize(
    ("record_", "granted_by", "counts"),
    [
        (waiver(), ANALYST, True),
        (waiver(), "owner", False),
        (waiver(), "local:owner", False),
        (waiver(asked="local:ann"), ANALYST, False),
        (waiver(asked=""), ANALYST, False),
        (waiver(), AUTHOR, False),
        (waiver(asked=AUTHOR), ANALYST, False),
        (waiver("no-age"), ANALYST, False),
        (replace(waiver(), environment="staging"), ANALYST, False),
        (replace(waiver(), version="sha256:other"), ANALYST, False),
    ],
)
def test_a_waiver_needs_two_people_neither_an_author(record_: Any, granted_by: str, counts: bool) -> None:
    entries = [*without("evidence.recorded"), entry(inputs()), entry(auc(0.6)), entry(record_, granted_by)]

    assert finding(entries, "discrimination") is (Finding.WAIVED if counts else Finding.NOT_MET)


def test_a_control_that_is_not_waivable_is_not_waived() -> None:
    entries = [*without("evidence.recorded"), entry(auc()), entry(inputs(1)), entry(waiver("no-age"), ANALYST)]
    decision = asked(entries)

    (reason,) = [reason for reason in decision.reasons if reason.demand == "no-age"]
    assert reason.finding is Finding.NOT_MET
    assert "not waivable" in reason.explanation


def test_a_waiver_expires_to_the_microsecond() -> None:
    end = NOW + timedelta(days=2)
    entries = [*without("evidence.recorded"), entry(inputs()), entry(waiver(expires=end), ANALYST)]

    assert finding(entries, "discrimination", now=end - TICK) is Finding.WAIVED
    assert finding(entries, "discrimination", now=end) is Finding.MISSING
