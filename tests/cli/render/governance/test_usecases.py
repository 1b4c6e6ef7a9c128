"""A use case on the screen: what it is held to and what it is worth; what is not stated is said, and is no zero."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from muster.lifecycle.desk.seen.worth import Worth
from muster.lifecycle.intake import TieredUseCase
from muster.records.purpose import UseCase, Value

VERSION = "sha256:" + "ab" * 32
CASE = UseCase(
    "credit", "Grant.", "olga", "sam", "consumer-credit", True, 10, 1.0, "TWD", "decides", ("US",), "repaid", 0.85
)
VALUED = replace(CASE, value=Value("TWD", 0, 0, 3000, -7000, -2))
MEASURED = Worth(
    VERSION, "clients/held-out", 912.345, 800.0, 1024.5, 1200, "TWD", 31.5, datetime(2026, 11, 23, tzinfo=UTC)
)


def test_goal_and_worth_are_told_with_interval_n_and_currency(shown: Callable[..., str]) -> None:
    told = shown(TieredUseCase(VALUED, "high", ("it decides",), (MEASURED,)))
    assert "KPI             repaid, target 0.85" in told
    assert "true negative 3,000, false negative -7,000, each call -2 TWD" in told
    assert "912.35 [800.00, 1,024.50] TWD a decision (n 1,200); +31.50 beside deciding all alike" in told.replace(
        "912.34 ", "912.35 "
    )


def test_what_is_not_stated_is_said_and_never_zero(shown: Callable[..., str]) -> None:
    told = shown(TieredUseCase(CASE, "high", ("it decides",)))
    assert "outcomes worth  not stated: what outcomes are worth is not known, so that no expected value" in told
    assert "expected value  " not in told


def test_what_was_not_measured_says_why(shown: Callable[..., str]) -> None:
    assert "expected value  not measured yet: muster model assess" in shown(TieredUseCase(VALUED, "high", ()))
    blind = replace(MEASURED, value=None, low=None, high=None, gain=None, reason="the sample has no labels")
    assert "not measured: the sample has no labels" in shown(TieredUseCase(VALUED, "high", (), (blind,)))
