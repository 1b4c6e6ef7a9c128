from __future__ import annotations

from math import inf, nan

import pytest

from muster.records.evidence import Figure
from muster.records.traffic.canary import CanaryLimits, CanaryPlan
from muster.rules.traffic.judging import (
    APPROVAL,
    DRIFT,
    ERRORS,
    FAIRNESS,
    LATENCY,
    REFUSALS,
    Finding,
    judged,
)

GOOD = {
    ERRORS: (0.0, -0.005, 0.005),
    REFUSALS: (0.0, -0.01, 0.01),
    LATENCY: (1.0, 0.8, 1.3),
    DRIFT: (0.02, 0.0, 0.1),
    APPROVAL: (0.01, -0.05, 0.06),
}


def plan(groups: str = "") -> CanaryPlan:
    return CanaryPlan("default", "credit", "v", "w", (0.1, 1.0), 30.0, CanaryLimits(), groups)


def figures(n: int = 500, **changed: tuple[float, float, float] | None) -> list[Figure]:
    shown = {**GOOD, **changed}
    return [Figure(name, each[0], n, each[1], each[2]) for name, each in shown.items() if each is not None]


def test_what_is_within_every_limit_may_go_on() -> None:
    result = judged(plan(), figures())
    assert result.finding is Finding.WITHIN
    assert "score_drift 0.02 [0, 0.1], n = 500 is within at most 0.25" in result.words


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (ERRORS, (0.1, 0.05, 0.2)),
        (REFUSALS, (0.1, 0.05, 0.2)),
        (LATENCY, (3.0, 2.0, inf)),
        (DRIFT, (0.9, 0.6, 1.2)),
        (APPROVAL, (0.3, 0.2, 0.4)),
        (APPROVAL, (-0.3, -0.4, -0.2)),
    ],
)
def test_one_figure_beyond_its_limit_is_enough(name: str, values: tuple[float, float, float]) -> None:
    result = judged(plan(), figures(**{name: values}))
    assert result.finding is Finding.BEYOND
    assert name in result.words
    assert judged(plan(), figures(40, **{name: values})).finding is Finding.BEYOND
    assert judged(plan(), figures(29, **{name: values})).finding is Finding.UNSURE


@pytest.mark.parametrize("name", list(GOOD))
def test_what_is_not_known_lets_nobody_on(name: str) -> None:
    for unknown in (None, (0.0, nan, nan), (GOOD[name][0], -inf, inf)):
        result = judged(plan(), figures(**{name: unknown}))
        assert result.finding is Finding.UNSURE, unknown
        assert name in result.words


def test_too_few_decisions_let_nobody_on() -> None:
    result = judged(plan(), figures(199))
    assert result.finding is Finding.UNSURE
    assert "fewer than 200 decisions" in result.words


def test_fairness_counts_where_groups_are_known() -> None:
    assert judged(plan("AGE"), figures()).finding is Finding.UNSURE
    assert judged(plan("AGE"), figures(**{FAIRNESS: (0.9, 0.85, 0.95)})).finding is Finding.WITHIN
    assert judged(plan("AGE"), figures(**{FAIRNESS: (0.6, 0.5, 0.7)})).finding is Finding.BEYOND
    assert judged(plan(), figures(**{FAIRNESS: (0.6, 0.5, 0.7)})).finding is Finding.WITHIN
