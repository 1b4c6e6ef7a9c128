from collections.abc import Callable

import numpy as np
import pytest
from sklearn import metrics

from muster.checks.registry import measure
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome
from muster.records.model import DecisionRule, Favourable


def figures(sample: Sample, **parameters: object) -> dict[str, Figure]:
    found = measure("performance.decisions", sample, parameters)
    assert found.outcome is Outcome.MEASURED, found.reason
    return {figure.name: figure for figure in found.figures}


@pytest.mark.parametrize("side", list(Favourable))
def test_figures_are_those_of_scikit_learn(side: Favourable, make_sample: Callable[..., Sample]) -> None:
    sample = make_sample(rule=DecisionRule(0.3, side))
    found, labels, predicted = figures(sample, beta=2), sample.labels, sample.scores >= 0.3
    assert found["precision"].value == metrics.precision_score(labels, predicted)
    assert found["recall"].value == metrics.recall_score(labels, predicted)
    assert found["specificity"].value == metrics.recall_score(~labels, ~predicted)
    assert found["negative_predictive_value"].value == metrics.precision_score(~labels, ~predicted)
    assert found["accuracy"].value == metrics.accuracy_score(labels, predicted)
    assert found["f_beta"].value == pytest.approx(metrics.fbeta_score(labels, predicted, beta=2), rel=1e-14)
    assert found["matthews_correlation"].value == pytest.approx(metrics.matthews_corrcoef(labels, predicted))
    assert found["kappa"].value == pytest.approx(metrics.cohen_kappa_score(labels, predicted))
    assert found["balanced_accuracy"].value == pytest.approx(metrics.balanced_accuracy_score(labels, predicted))
    assert (found["precision"].n, found["recall"].n) == (predicted.sum(), labels.sum())


def test_shares_of_nobody_are_not_given(make_sample: Callable[..., Sample]) -> None:
    found = figures(make_sample(scores=np.zeros(4000)))
    assert "precision" not in found
    assert found["f_beta"].value == 0.0
    assert found["f_beta"].high > 0.0


def test_beta_must_make_sense(make_sample: Callable[..., Sample]) -> None:
    found = measure("performance.decisions", make_sample(50), {"beta": 0})
    assert found.outcome is Outcome.NOT_MEASURED
    assert "parameter beta must be a number from 0.01" in found.reason
