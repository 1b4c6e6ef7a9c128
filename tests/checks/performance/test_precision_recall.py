from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve
from tests.checks.measured import figures_of

from muster.columns.sample import Sample

figures = partial(figures_of, "performance.precision_recall")


def test_area_and_precision_are_those_of_scikit_learn(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found = figures(sample, recalls=[0.25, 0.9])
    average = found["average_precision", ""]
    assert average.value == pytest.approx(average_precision_score(sample.labels, sample.scores), rel=1e-12)
    assert average.n == sample.labels.sum()
    precision, recall, _ = precision_recall_curve(sample.labels, sample.scores)
    for wanted in (0.25, 0.9):
        expected = precision[np.flatnonzero(recall >= wanted)[-1]]
        assert found["precision_at_recall", f"recall {wanted}"].value == pytest.approx(expected)


def test_interval_covers(make_sample: Callable[..., Sample]) -> None:
    """The truth is the average over many samples; few positives, as in the field."""
    values = [figures(make_sample(250, seed=seed))["average_precision", ""] for seed in range(120)]
    truth = figures(make_sample(100_000))["average_precision", ""].value
    assert sum(one.low <= truth <= one.high for one in values) >= 110


def test_a_perfect_ranking_is_not_certainty(make_sample: Callable[..., Sample]) -> None:
    labels = make_sample(60).labels
    found = figures(make_sample(60, scores=labels.astype(float)))["average_precision", ""]
    assert found.value == found.high == 1.0
    assert found.low < 0.95
