import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from muster.columns.statistics.scoring.averages import explained, mean, median, ratio, root

GENERATOR = np.random.default_rng(8)
ACTUAL = GENERATOR.gamma(2.0, 3.0, 500)
PREDICTED = ACTUAL * 0.7 + GENERATOR.normal(1.5, 1.0, 500)
WEIGHTS = GENERATOR.integers(1, 4, 500).astype(float)


def test_points_are_those_of_scikit_learn_with_and_without_weights() -> None:
    errors = ACTUAL - PREDICTED
    for weights in (None, WEIGHTS):
        more = {"sample_weight": weights}
        assert mean(np.abs(errors), weights)[0] == pytest.approx(metrics.mean_absolute_error(ACTUAL, PREDICTED, **more))
        expected = metrics.root_mean_squared_error(ACTUAL, PREDICTED, **more)
        assert root(errors**2, weights)[0] == pytest.approx(expected)
        assert explained(ACTUAL, PREDICTED, weights)[0] == pytest.approx(metrics.r2_score(ACTUAL, PREDICTED, **more))


def test_interval_of_a_mean_is_the_textbook_one_and_equal_weights_change_nothing() -> None:
    error = stats.sem(ACTUAL)
    assert mean(ACTUAL)[1:] == pytest.approx(stats.norm.interval(0.95, ACTUAL.mean(), error))
    assert mean(ACTUAL, np.full(500, 3.0)) == pytest.approx(mean(ACTUAL))


@pytest.mark.parametrize("weighted", [False, True])
def test_intervals_cover(weighted: bool) -> None:
    generator = np.random.default_rng(2)
    held = np.zeros(4, dtype=int)
    # y = x + noise with variances 4 and 1: R squared 0.8 for the prediction x, mean of squares 1, ratio and mean 1.
    for _ in range(200):
        x = generator.normal(1.0, 2.0, 300)
        y = x + generator.normal(0.0, 1.0, 300)
        weights = generator.integers(1, 4, 300).astype(float) if weighted else None
        found = (explained(y, x, weights), root((y - x) ** 2, weights), ratio(y, x, weights), mean(y, weights))
        held += [low <= truth <= high for (_, low, high), truth in zip(found, (0.8, 1.0, 1.0, 1.0), strict=True)]
    assert held.min() >= 181, held


def test_median_is_enclosed_by_order_statistics() -> None:
    assert median(np.arange(101.0)) == (50.0, 40.0, 61.0)
    generator = np.random.default_rng(3)
    held = sum(low <= 0.0 <= high for _, low, high in (median(generator.normal(size=40)) for _ in range(300)))
    assert held >= 275


def test_what_has_no_spread_is_refused() -> None:
    with pytest.raises(ValueError, match="all actual values are the same"):
        explained(np.ones(3), np.zeros(3))
    with pytest.raises(ValueError, match="one row has no spread"):
        mean(np.ones(1))
