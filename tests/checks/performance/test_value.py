from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.columns.value import value_per_decision
from muster.records.evidence import Figure, Outcome
from muster.records.model import DecisionRule, Favourable
from muster.records.purpose import Value

WORTH = {"currency": "EUR", "true_positive": 0, "false_positive": -40, "true_negative": 100, "false_negative": -900}


def figures(sample: Sample, **parameters: object) -> dict[str, Figure]:
    found = measure("performance.value", sample, {**WORTH, **parameters})
    assert found.outcome is Outcome.MEASURED, found.reason
    assert "EUR" in found.method
    return {figure.name: figure for figure in found.figures}


def test_value_is_that_of_the_search_and_of_counting_by_hand(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found = figures(sample)
    refused, bad = sample.scores >= 0.3, sample.labels
    worth = -40 * (refused & ~bad) + 100.0 * (~refused & ~bad) - 900 * (~refused & bad)
    assert found["value_per_decision"].value == pytest.approx(worth.mean())
    assert found["value_per_decision"].value == pytest.approx(value_per_decision(sample, Value(**WORTH)))
    assert found["value_of_sample"].value == pytest.approx(worth.sum())
    assert found["value_if_all_positive"].value == pytest.approx(-40 * (~bad).mean())
    assert found["value_if_none_positive"].value == pytest.approx(100 * (~bad).mean() - 900 * bad.mean())
    best = max(found["value_if_all_positive"].value, found["value_if_none_positive"].value)
    assert found["value_gain"].value == pytest.approx(worth.mean() - best)


def test_calibrated_scores_are_worth_most_where_both_decisions_are_worth_the_same(
    make_sample: Callable[..., Sample],
) -> None:
    even = 140 / (140 + 900)
    gains = {
        threshold: figures(make_sample(rule=DecisionRule(threshold, Favourable.BELOW)))["value_gain"]
        for threshold in (even / 2, even, 0.3)
    }
    assert gains[even].low > 0
    assert max(gains.values(), key=lambda figure: figure.value) == gains[even]
    assert gains[0.3].high < 0, "refusing everybody is worth more"


def test_weights_count(make_sample: Callable[..., Sample]) -> None:
    table = pa.table({"default": [1, 0, 0]})
    scores = np.asarray([0.9, 0.9, 0.1])
    found = figures(make_sample(table=table, scores=scores, inputs=(), weights=[2.0, 1.0, 1.0]))
    assert found["value_per_decision"].value == pytest.approx((0 * 2 - 40 + 100) / 4)
    assert found["value_of_sample"].value == pytest.approx(60)


def test_worths_come_from_the_use_case_and_the_control_overrides_them(make_sample: Callable[..., Sample]) -> None:
    stated = make_sample().beside(value=Value(**WORTH))
    found = measure("performance.value", stated, {})
    assert found.figures == measure("performance.value", make_sample(), WORTH).figures
    assert "as the use case states them" in found.method
    dearer = measure("performance.value", stated, {"false_negative": -2000})
    assert dearer.figures == measure("performance.value", make_sample(), {**WORTH, "false_negative": -2000}).figures
    assert "the control states them for false_negative and the use case for the rest" in dearer.method
    own = {**WORTH, "currency": "USD"}
    assert "in USD" in measure("performance.value", stated, own).method


def test_without_worths_nothing_is_measured(make_sample: Callable[..., Sample]) -> None:
    found = measure("performance.value", make_sample(50), {})
    assert found.outcome is Outcome.NOT_MEASURED
    assert "the use case states no value of its outcomes" in found.reason
    partly = measure("performance.value", make_sample(50), {"currency": "EUR", "true_positive": 0})
    assert "nor do the parameters of false_positive, true_negative, false_negative" in partly.reason
    assert "must be a number" in measure("performance.value", make_sample(50), {**WORTH, "true_positive": "1"}).reason


def test_currencies_are_not_mixed(make_sample: Callable[..., Sample]) -> None:
    stated = make_sample(50).beside(value=Value(**WORTH))
    found = measure("performance.value", stated, {"currency": "USD", "true_positive": 5})
    assert found.outcome is Outcome.NOT_MEASURED
    assert "worths in USD cannot be mixed with the use case's in EUR" in found.reason
