from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import brier_score_loss

from muster.checks.performance.calibration import score_bins
from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Measurement, Outcome


def measured(sample: Sample, **parameters: object) -> Measurement:
    found = measure("performance.reliability", sample, parameters)
    assert found.outcome is Outcome.MEASURED, found.reason
    return found


def figures(sample: Sample, **parameters: object) -> dict[str, Figure]:
    return {figure.name: figure for figure in measured(sample, **parameters).figures}


def test_calibrated_scores_have_slope_1_and_pass_every_test(make_sample: Callable[..., Sample]) -> None:
    found = figures(make_sample())
    for name, truth in (("calibration_slope", 1.0), ("calibration_intercept", 0.0), ("calibration_in_the_large", 0.0)):
        assert found[name].low < truth < found[name].high, name
    assert found["hosmer_lemeshow_p"].value > 0.01
    assert found["spiegelhalter_p"].value > 0.01


def test_scores_that_are_too_sure_are_found_out(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    odds = sample.scores / (1 - sample.scores)
    found = figures(make_sample(scores=odds**2 / (1 + odds**2)))
    assert found["calibration_slope"].high < 0.7
    assert found["calibration_slope"].value == pytest.approx(figures(sample)["calibration_slope"].value / 2)
    assert found["hosmer_lemeshow_p"].value < 1e-6
    assert found["spiegelhalter_p"].value < 1e-6


def test_brier_score_and_its_parts(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found = figures(sample)
    rate, brier = sample.labels.mean(), brier_score_loss(sample.labels, sample.scores)
    assert found["brier"].value == pytest.approx(brier)
    assert found["brier_skill"].value == pytest.approx(1 - brier / (rate * (1 - rate)))
    assert found["brier_uncertainty"].value == pytest.approx(rate * (1 - rate))
    parts = [found[f"brier_{name}"].value for name in ("reliability", "resolution", "uncertainty")]
    assert parts[0] - parts[1] + parts[2] == pytest.approx(brier, abs=2e-3), "bins are narrow"


def test_hosmer_lemeshow_by_hand(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample(500)
    bins = score_bins(sample.scores, sample.labels, 4)
    expected = bins.rows * bins.means
    chi = ((bins.positives - expected) ** 2 / (expected * (1 - bins.means))).sum()
    found = figures(sample, bins=4)
    assert found["hosmer_lemeshow"].value == pytest.approx(chi)
    assert found["hosmer_lemeshow_p"].value == pytest.approx(stats.chi2.sf(chi, 4))


def test_tests_that_do_not_exist_are_left_out_and_named(make_sample: Callable[..., Sample]) -> None:
    found = measured(make_sample(scores=np.full(4000, 0.5)))
    names = {figure.name for figure in found.figures}
    assert not names & {"calibration_slope", "spiegelhalter_z"}
    assert "calibration_in_the_large" in names
    assert "all scores are the same" in found.method
    assert "has no variance" in found.method
