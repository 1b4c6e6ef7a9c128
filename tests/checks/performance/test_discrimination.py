from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome
from muster.records.model import DecisionRule, Favourable


def figures(sample: Sample) -> dict[str, Figure]:
    found = measure("performance.discrimination", sample, {})
    assert found.outcome is Outcome.MEASURED, found.reason
    return {figure.name: figure for figure in found.figures}


def test_figures_are_those_of_scikit_learn(make_sample: Callable[..., Sample]) -> None:
    sample = make_sample()
    found, scores, labels = figures(sample), sample.scores, sample.labels
    predicted = scores >= 0.3
    tn, fp, fn, tp = metrics.confusion_matrix(labels, predicted).ravel()
    assert found["auc"].value == pytest.approx(metrics.roc_auc_score(labels, scores), rel=1e-14)
    assert found["gini"].value == 2 * found["auc"].value - 1
    assert found["ks"].value == pytest.approx(stats.ks_2samp(scores[labels], scores[~labels]).statistic, rel=1e-12)
    assert found["brier"].value == pytest.approx(metrics.brier_score_loss(labels, scores), rel=1e-14)
    assert found["log_loss"].value == pytest.approx(metrics.log_loss(labels, scores), rel=1e-13)
    assert found["accuracy"].value == metrics.accuracy_score(labels, predicted)
    assert found["precision"].value == metrics.precision_score(labels, predicted)
    assert (found["true_positive_rate"].value, found["true_positive_rate"].n) == (tp / (tp + fn), tp + fn)
    assert (found["false_negative_rate"].value, found["false_negative_rate"].n) == (fn / (tp + fn), tp + fn)
    assert (found["false_positive_rate"].value, found["false_positive_rate"].n) == (fp / (fp + tn), fp + tn)
    assert found["favourable_rate"].value == (tn + fn) / sample.rows


def test_the_side_of_the_threshold_changes_decisions_and_not_their_truth(make_sample: Callable[..., Sample]) -> None:
    above = figures(make_sample(rule=DecisionRule(0.3, Favourable.AT_LEAST)))
    below = figures(make_sample())
    assert above["accuracy"] == below["accuracy"]
    assert above["favourable_rate"].value == pytest.approx(1 - below["favourable_rate"].value)


def test_certain_and_wrong_scores_have_a_finite_loss(make_sample: Callable[..., Sample]) -> None:
    labels = make_sample().labels
    assert figures(make_sample(scores=(~labels).astype(float)))["log_loss"].value == pytest.approx(36.04, abs=0.01)


def test_constant_scores_rank_nothing(make_sample: Callable[..., Sample]) -> None:
    found = figures(make_sample(scores=np.full(4000, 0.2)))
    assert found["auc"].value == 0.5
    assert found["auc"].low < 0.5 < found["auc"].high
    assert found["ks"].value == 0.0
    assert "precision" not in found, "nobody was predicted positive"


def test_labels_are_needed(make_sample: Callable[..., Sample]) -> None:
    found = measure("performance.discrimination", make_sample(target=""), {})
    assert found.outcome is Outcome.NOT_MEASURED
    assert "has no labels" in found.reason
