"""Discrimination: whether scores rank positive rows above negative ones, and how often decisions are right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.columns.arrow import Bools, Floats
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import absolute, difference, mean
from muster.columns.statistics.ranking import area, separation
from muster.records.evidence import Figure, Measurement

METHOD = (
    "AUC with DeLong's interval on the logit; Gini is 2 AUC - 1; Kolmogorov-Smirnov with Newcombe's interval at "
    "the score where it is largest, which takes that score as given, so that both err on the high side in small "
    "samples; Brier score and log loss with the normal interval of a mean; accuracy and rates with Wilson's interval. "
    "Positive is the positive value of the target, and a row counts as predicted positive on that side of the decision "
    "threshold."
)


@check("performance.discrimination", version=1)
def discrimination(sample: Sample, _: Mapping[str, Any]) -> Measurement:
    """Measure how well scores rank and decisions hit: AUC, Gini, KS, Brier, log loss, accuracy and error rates."""
    scores, labels, favourable, predicted = sample.scores, sample.labels, sample.favourable, sample.predicted
    return Measurement(
        (*_ranking(scores, labels), *_losses(scores, labels), *_decisions(predicted, favourable, labels)), method=METHOD
    )


def _ranking(scores: Floats, labels: Bools) -> Iterator[Figure]:
    n = labels.size
    auc = area(scores, labels)
    yield Figure("auc", auc.value, n, auc.low, auc.high)
    yield Figure("gini", 2 * auc.value - 1, n, 2 * auc.low - 1, 2 * auc.high - 1)
    apart = separation(scores, labels)
    low, high = difference(apart.under[0], apart.of[0], apart.under[1], apart.of[1])
    low, high = absolute(low, high)
    yield Figure("ks", apart.value, n, float(low), float(high))


def _losses(scores: Floats, labels: Bools) -> Iterator[Figure]:
    brier, low, high = mean((scores - labels) ** 2)
    yield Figure("brier", brier, labels.size, max(low, 0.0), high)
    # A score of exactly 0 or 1 that is wrong would cost infinity: clipped by one float step, as scikit-learn does.
    tiny = np.finfo(np.float64).eps
    sure = np.where(labels, scores, 1 - scores)
    np.log(np.clip(sure, tiny, 1 - tiny, out=sure), out=sure)
    loss, low, high = mean(np.negative(sure, out=sure))
    yield Figure("log_loss", loss, labels.size, max(low, 0.0), high)


def _decisions(predicted: Bools, favourable: Bools, labels: Bools) -> Iterator[Figure]:
    n, positives = labels.size, int(np.count_nonzero(labels))
    hits = int(np.count_nonzero(predicted & labels))
    alarms = int(np.count_nonzero(predicted)) - hits
    yield proportion("accuracy", hits + (n - positives) - alarms, n)
    yield proportion("favourable_rate", int(np.count_nonzero(favourable)), n)
    yield proportion("positive_rate", positives, n, note="share of positive outcomes in the sample")
    yield proportion("true_positive_rate", hits, positives)
    yield proportion("false_negative_rate", positives - hits, positives)
    yield proportion("false_positive_rate", alarms, n - positives)
    if hits + alarms:
        yield proportion("precision", hits, hits + alarms)
