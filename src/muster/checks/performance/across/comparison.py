"""Comparison: this model beside another on the same rows, a champion or a benchmark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import estimate, exact, proportion
from muster.checks.parameters import number, text
from muster.columns.arrow import Bools, Floats, first, floats
from muster.columns.sample import Sample
from muster.columns.statistics.ranking import area
from muster.columns.statistics.scoring.averages import mean
from muster.columns.statistics.scoring.paired import Difference, areas, shares
from muster.records.evidence import Figure, Measurement

METHOD = (
    "This model less {benchmark}, on the same rows, each counted once. Areas under the ROC curve by DeLong's paired "
    "method; accuracy by Newcombe's interval for paired shares and McNemar's exact test; Brier score and log loss as "
    "the mean difference of rows. The other model's decisions are taken at {threshold:.6g}. A lower limit above minus "
    "a margin says that this model is not worse by more than that margin."
)


@check("performance.comparison", version=1, required=("benchmark",), parameters=("threshold",))
def comparison(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare with another model on the same rows: differences of AUC, accuracy, Brier score and log loss.

    ``benchmark``: column of the sample that holds the other model's scores; ``threshold``: at or over which that model
    says positive (the threshold of this one).
    """
    name = text(parameters, "benchmark")
    threshold = number(parameters, "threshold", sample.rule.threshold, least=0.0, most=1.0)
    scores, labels = sample.scores, sample.labels
    other = _scores(sample, name)
    figures = (
        *_ranking(scores, other, labels),
        *_decisions(sample.predicted, other >= threshold, labels),
        *_losses(scores, other, labels),
    )
    return Measurement(figures, method=METHOD.format(benchmark=name, threshold=threshold))


def _scores(sample: Sample, name: str) -> Floats:
    other = floats(sample.table, name)
    wrong = ~((other >= 0.0) & (other <= 1.0))
    if wrong.any():
        row = first(wrong)
        msg = (
            f"benchmark score in column {name!r} is {other[row]:g} in row {row} (rows count from 0; "
            f"{np.count_nonzero(wrong)} such): scores are probabilities within 0 and 1"
        )
        raise ValueError(msg)
    return other


def _ranking(scores: Floats, other: Floats, labels: Bools) -> Iterator[Figure]:
    for name, given in (("auc", scores), ("benchmark_auc", other)):
        found = area(given, labels)
        yield estimate(name, (found.value, found.low, found.high), labels.size)
    yield from _apart("auc_difference", areas(scores, other, labels), labels.size)


def _decisions(ours: Bools, theirs: Bools, labels: Bools) -> Iterator[Figure]:
    right, other = ours == labels, theirs == labels
    yield proportion("accuracy", int(np.count_nonzero(right)), labels.size)
    yield proportion("benchmark_accuracy", int(np.count_nonzero(other)), labels.size)
    yield from _apart("accuracy_difference", shares(right, other), labels.size)
    yield proportion("decisions_changed", int(np.count_nonzero(ours != theirs)), labels.size)


def _losses(scores: Floats, other: Floats, labels: Bools) -> Iterator[Figure]:
    yield estimate("brier_difference", mean((scores - labels) ** 2 - (other - labels) ** 2), labels.size)
    tiny = np.finfo(np.float64).eps
    sure, others = (np.clip(np.where(labels, each, 1 - each), tiny, 1 - tiny) for each in (scores, other))
    yield estimate("log_loss_difference", mean(np.log(others) - np.log(sure)), labels.size)


def _apart(name: str, found: Difference, n: int) -> Iterator[Figure]:
    yield estimate(name, (found.value, found.low, found.high), n)
    yield exact(f"{name}_p", found.p, n)
