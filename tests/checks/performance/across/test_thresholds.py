from collections.abc import Callable
from functools import partial

import pytest
from sklearn import metrics
from tests.checks.measured import figures_of

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.model import DecisionRule, Favourable

figures = partial(figures_of, "performance.thresholds")


@pytest.mark.parametrize("side", list(Favourable))
def test_figures_at_each_threshold_are_those_of_scikit_learn(
    side: Favourable, make_sample: Callable[..., Sample]
) -> None:
    sample = make_sample(rule=DecisionRule(0.3, side))
    found, labels = figures(sample, thresholds=[0.1, 0.45]), sample.labels
    assert {group for _, group in found} == {"threshold 0.1", "threshold 0.3", "threshold 0.45"}
    for threshold in (0.1, 0.3, 0.45):
        predicted, group = sample.scores >= threshold, f"threshold {threshold}"
        assert found["true_positive_rate", group].value == metrics.recall_score(labels, predicted)
        assert found["false_positive_rate", group].value == metrics.recall_score(~labels, predicted)
        assert found["precision", group].value == metrics.precision_score(labels, predicted)
        assert found["accuracy", group].value == metrics.accuracy_score(labels, predicted)
        f1 = found["f1", group]
        assert f1.value == pytest.approx(metrics.f1_score(labels, predicted))
        assert f1.low < f1.value < f1.high
        rate = predicted.mean() if side is Favourable.AT_LEAST else 1 - predicted.mean()
        assert found["favourable_rate", group].value == pytest.approx(rate)


def test_nobody_is_over_the_highest_threshold(make_sample: Callable[..., Sample]) -> None:
    found = figures(make_sample(), thresholds=[1.0])
    assert found["true_positive_rate", "threshold 1"].value == 0.0
    assert ("precision", "threshold 1") not in found


def test_thresholds_are_probabilities(make_sample: Callable[..., Sample]) -> None:
    assert (
        "list of numbers from 0 to 1" in measure("performance.thresholds", make_sample(50), {"thresholds": [2]}).reason
    )
