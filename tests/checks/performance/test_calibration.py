from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from tests.checks.measured import figures_of

from muster.checks.performance.calibration import score_bins
from muster.columns.sample import Sample

figures = partial(figures_of, "performance.calibration")


def test_bins_are_those_of_scikit_learn(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    observed, mean_scores = calibration_curve(sample.labels, sample.scores, n_bins=10, strategy="quantile")
    found = figures(sample)
    ours = [found["bin_observed_rate", f"bin {place}"].value for place in range(1, 11)]
    assert ours == pytest.approx(observed, abs=0.01)
    assert [found["bin_mean_score", f"bin {place}"].value for place in range(1, 11)] == pytest.approx(
        mean_scores, abs=1e-3
    )
    rows = [found["bin_observed_rate", f"bin {place}"].n for place in range(1, 11)]
    expected = sum(n * abs(a - b) for n, a, b in zip(rows, ours, mean_scores, strict=True)) / sum(rows)
    assert found["ece", ""].value == pytest.approx(expected, abs=1e-3)


def test_a_calibrated_score_is_found_to_be_so_and_a_shifted_one_is_not(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    good, bad = figures(sample), figures(make_sample(scores=np.minimum(sample.scores + 0.1, 1.0)))
    assert good["ece", ""].low < 0.005
    assert good["expected_over_observed", ""].low < 1 < good["expected_over_observed", ""].high
    assert bad["ece", ""].low > 0.05
    assert bad["expected_over_observed", ""].low > 1.2


def test_equal_scores_share_a_bin() -> None:
    scores = np.repeat([0.1, 0.2, 0.9], [50, 30, 20])
    bins = score_bins(scores, np.arange(100) % 2 == 0, 10)
    assert bins.rows.tolist() == [50, 30, 20]
    assert bins.means == pytest.approx([0.1, 0.2, 0.9])
    assert score_bins(np.full(9, 0.5), np.arange(9) > 4, 10).rows.tolist() == [9]


@pytest.mark.parametrize("shift", [0.0, 0.05, 0.15])
def test_interval_covers_the_true_error(shift: float, make_sample: Callable[..., Sample]) -> None:
    generator = np.random.default_rng(5)
    sample = make_sample(1500)
    held = 0
    for _ in range(60):
        chance = generator.uniform(0.1, 0.6, sample.rows)
        table = sample.table.drop_columns("default").append_column(
            "default", [(generator.random(sample.rows) < chance).astype(np.int64)]
        )
        found = figures(make_sample(table=table, scores=chance + shift))["ece", ""]
        held += found.low <= shift <= found.high
    assert held >= 54, "95 % are promised; 54 of 60 or fewer would come by chance one time in thirty"


def test_ratio_interval_covers(make_sample: Callable[..., Sample]) -> None:
    held = 0
    for seed in range(100):
        found = figures(make_sample(300, seed=seed), bins=2)["expected_over_observed", ""]
        held += found.low <= 1 <= found.high
    assert held >= 90


def test_scores_of_zero_are_measured(make_sample: Callable[..., Sample]) -> None:
    found = figures(make_sample(scores=np.zeros(4000)))
    assert found["expected_over_observed", ""].value == 0.0
    assert found["ece", ""].value == pytest.approx(make_sample().labels.mean())
