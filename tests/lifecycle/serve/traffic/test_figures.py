from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.lifecycle.serve.traffic.logs import refuse, write
from tests.walk import Walked

from muster.lifecycle.serve.traffic.figures import Side, _fairness, _quantile, figures_of
from muster.records.traffic.canary import CanaryLimits, CanaryPlan


def test_figures_hold_a_version_against_the_champion_in_the_same_time(walked: Walked) -> None:
    other = walked.sibling()
    write(walked, walked.version, 500, shift=0.5, ago=timedelta(hours=2))
    write(walked, walked.version, 500)
    write(walked, other, 400, latency=1000.0)
    refuse(walked, other, "schema", 100)
    refuse(walked, other, "rate", 999)
    plan = CanaryPlan("default", "credit", other, walked.version, (0.1, 1.0), 30.0, CanaryLimits())
    found = {each.name: each for each in figures_of(walked.context(), plan, walked.clock() - timedelta(hours=1))}
    assert found["refusal_rate_more"].value == pytest.approx(0.2)
    assert found["refusal_rate_more"].n == 500
    assert found["error_rate_more"].value == 0.0
    assert 1.6 < found["latency_p99_ratio"].value < 2.4
    assert found["score_drift"].value < 0.1, "what was before counts for nothing"
    assert found["approval_rate_apart"].low < 0 < found["approval_rate_apart"].high
    assert figures_of(walked.context(), plan, walked.clock() + timedelta(hours=1)) == ()


def test_the_interval_of_a_quantile_holds_as_often_as_it_says() -> None:
    chance, true = np.random.default_rng(1), float(-np.log(0.01))
    hits = 0
    for _ in range(400):
        low, value, high = _quantile([chance.exponential(size=1500)])
        assert low <= value <= high
        hits += low <= true <= high
    assert 0.92 <= hits / 400 <= 0.99
    assert _quantile([chance.exponential(size=100)])[2] == float("inf"), "too few values have no upper limit"


def test_the_least_favoured_group_counts() -> None:
    side = Side(groups={"a": [80, 100], "b": [40, 100], "c": [70, 100], "few": [0, 10]})
    figure = _fairness(side)
    assert figure is not None
    assert (figure.group, figure.value, figure.n) == ("b", 0.5, 100)
    assert _fairness(Side(groups={"a": [80, 100]})) is None
    assert _fairness(Side(groups={"a": [0, 100], "b": [0, 100]})) is None
