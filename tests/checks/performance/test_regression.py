from functools import partial

import numpy as np
import pyarrow as pa
import pytest
from sklearn import metrics
from tests.checks.measured import figures_of

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.evidence import Outcome


def drawn(rows: int = 800, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    actual = 20 + generator.gamma(2.0, 50.0, rows)
    return actual, actual * 0.9 + generator.normal(5.0, 10.0, rows)


def sample_of(actual: object, predicted: object, **more: object) -> Sample:
    names = {"name": "prices", "digest": "sha256:00", "role": "held-out"}
    return Sample.of_amounts(pa.table({"price": actual}), predicted, target="price", **names, **more)


figures = partial(figures_of, "performance.regression")


@pytest.mark.parametrize("weighted", [False, True])
def test_figures_are_those_of_scikit_learn(weighted: bool) -> None:
    actual, predicted = drawn()
    weights = np.random.default_rng(2).integers(1, 5, actual.size).astype(float) if weighted else None
    found = figures(sample_of(actual, predicted, weights=weights), quantiles=[0.1, 0.5])
    more = {"sample_weight": weights}
    oracles = {
        ("mae", ""): metrics.mean_absolute_error(actual, predicted, **more),
        ("rmse", ""): metrics.root_mean_squared_error(actual, predicted, **more),
        ("r2", ""): metrics.r2_score(actual, predicted, **more),
        ("absolute_percentage_error", ""): metrics.mean_absolute_percentage_error(actual, predicted, **more),
        ("pinball", "quantile 0.1"): metrics.mean_pinball_loss(actual, predicted, alpha=0.1, **more),
        ("pinball", "quantile 0.5"): metrics.mean_pinball_loss(actual, predicted, alpha=0.5, **more),
        ("bias", ""): np.average(predicted - actual, weights=weights),
        ("total_percentage_error", ""): np.average(abs(predicted - actual), weights=weights)
        / np.average(actual, weights=weights),
    }
    for key, expected in oracles.items():
        assert found[key].value == pytest.approx(expected), key
    assert found["median_absolute_error", ""].value == metrics.median_absolute_error(actual, predicted)
    for figure in found.values():
        assert figure.low < figure.value < figure.high
        assert figure.n == 800


def test_intervals_cover() -> None:
    truth = {key: figure.value for key, figure in figures(sample_of(*drawn(400_000))).items()}
    found = [figures(sample_of(*drawn(300, seed))) for seed in range(2, 122)]
    for key, value in truth.items():
        assert sum(one[key].low <= value <= one[key].high for one in found) >= 106, key


def test_amounts_of_0_are_left_out_of_percentages_and_counted() -> None:
    found = figures(sample_of([0.0, 0.0, 10.0, 20.0], np.asarray([0.0, 1.0, 11.0, 18.0])))
    assert (found["absolute_percentage_error", ""].value, found["absolute_percentage_error", ""].n) == (
        pytest.approx(0.1),
        2,
    )
    assert "2 rows with an actual amount of 0 are left out" in found["absolute_percentage_error", ""].note
    assert found["symmetric_percentage_error", ""].value == pytest.approx((0 + 2 + 2 / 21 + 4 / 38) / 4)


def test_what_does_not_exist_is_not_given() -> None:
    found = figures(sample_of([0.0, 0.0, 0.0], np.asarray([1.0, 2.0, 3.0])))
    assert not {("r2", ""), ("absolute_percentage_error", ""), ("total_percentage_error", "")} & set(found)


@pytest.mark.parametrize(
    ("actual", "predicted", "reason"),
    [
        ([1.0, None, 2.0], [1.0, 1.0, 1.0], "actual amount in column 'price' is nan in row 1"),
        ([1.0, 2.0, 3.0], [1.0, 1.0, np.inf], "the prediction is inf in row 2"),
        (["a", "b", "c"], [1.0, 1.0, 1.0], "numbers are needed here"),
        ([], [], "has no rows"),
        ([1.0], [1.0], "one row has no spread"),
    ],
)
def test_bad_input_is_not_measured(actual: list[object], predicted: list[float], reason: str) -> None:
    found = measure("performance.regression", sample_of(pa.array(actual), np.asarray(predicted)), {})
    assert found.outcome is Outcome.NOT_MEASURED
    assert reason in found.reason


def test_weights_that_count_nothing_are_refused() -> None:
    sample = sample_of([1.0, 2.0], np.asarray([1.0, 2.0]), weights=[0.0, 0.0])
    assert "all weights" in measure("performance.regression", sample, {}).reason
