from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats
from sklearn import metrics

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome

MakeSample = Callable[..., Sample]


def beside(make_sample: MakeSample, other: np.ndarray, **more: object) -> Sample:
    sample = make_sample(other.size)
    return make_sample(other.size, table=sample.table.append_column("champion", pa.array(other)), **more)


def figures(sample: Sample, **parameters: object) -> dict[str, Figure]:
    found = measure("performance.comparison", sample, {"benchmark": "champion", **parameters})
    assert found.outcome is Outcome.MEASURED, found.reason
    return {figure.name: figure for figure in found.figures}


def test_a_better_model_is_found_to_be_so(make_sample: MakeSample) -> None:
    sample = make_sample()
    noisy = np.clip(sample.scores + np.random.default_rng(3).normal(0, 0.15, 4000), 0, 1)
    found, labels = figures(beside(make_sample, noisy), threshold=0.35), sample.labels
    apart = metrics.roc_auc_score(labels, sample.scores) - metrics.roc_auc_score(labels, noisy)
    assert found["auc_difference"].value == pytest.approx(apart)
    assert found["auc_difference"].low > 0
    assert found["auc_difference_p"].value < 1e-6
    brier = metrics.brier_score_loss(labels, sample.scores) - metrics.brier_score_loss(labels, noisy)
    assert found["brier_difference"].value == pytest.approx(brier)
    loss = metrics.log_loss(labels, sample.scores) - metrics.log_loss(labels, noisy)
    assert found["log_loss_difference"].value == pytest.approx(loss)
    ours, theirs = (sample.scores >= 0.3) == labels, (noisy >= 0.35) == labels
    assert found["accuracy_difference"].value == pytest.approx(ours.mean() - theirs.mean())
    only, other = (ours & ~theirs).sum(), (theirs & ~ours).sum()
    assert found["accuracy_difference_p"].value == pytest.approx(stats.binomtest(only, only + other).pvalue)
    assert found["decisions_changed"].value == pytest.approx(((sample.scores >= 0.3) != (noisy >= 0.35)).mean())


def test_a_model_does_not_differ_from_itself(make_sample: MakeSample) -> None:
    found = figures(beside(make_sample, make_sample().scores))
    for name in ("auc_difference", "accuracy_difference", "brier_difference", "log_loss_difference"):
        assert found[name].value == 0.0
    assert found["auc_difference_p"].value == found["accuracy_difference_p"].value == 1.0
    assert found["accuracy_difference"].low <= 0.0 <= found["accuracy_difference"].high


@pytest.mark.parametrize("bad", [np.nan, 1.5])
def test_bad_scores_of_the_other_model_are_named(bad: float, make_sample: MakeSample) -> None:
    other = np.full(300, 0.2)
    other[9] = bad
    found = measure("performance.comparison", beside(make_sample, other), {"benchmark": "champion"})
    assert found.outcome is Outcome.NOT_MEASURED
    assert f"benchmark score in column 'champion' is {bad:g} in row 9" in found.reason
    assert "no column 'rival'" in measure("performance.comparison", make_sample(50), {"benchmark": "rival"}).reason
