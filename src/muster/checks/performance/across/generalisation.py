"""Generalisation: how much worse the model does on the sample than on the rows that it was fitted on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from muster.checks.declare import check
from muster.checks.figures import estimate
from muster.columns.arrow import column_of
from muster.columns.rescoring import rescored
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import Z, difference
from muster.columns.statistics.ranking import area
from muster.columns.statistics.scoring.averages import mean
from muster.records.evidence import Figure, Measurement

METHOD = (
    "The sample less {other}, which the model beside the sample scored for this. Area under the ROC curve with "
    "DeLong's interval, Brier score with the normal interval of a mean; their changes normal, since the two share no "
    "rows; change of accuracy at the threshold by Newcombe. Each row counts once. An area that falls, or a Brier score "
    "that rises, by more than chance says that the model knows its training rows too well."
)


@check("performance.generalisation", version=1)
def generalisation(sample: Sample, _: Mapping[str, Any]) -> Measurement:
    """Compare performance with that on the rows beside the sample, such as the training rows: out of sample.

    Needs those rows with their labels, and the model, both beside the sample.
    """
    if sample.companion is None or sample.rescorer is None:
        msg = f"sample {sample.name!r} has no other rows or no model beside it: give the training rows and the model"
        raise ValueError(msg)
    table = sample.companion.table
    if sample.target:  # without one, the sample says so itself when asked for labels
        column_of(table, sample.target)
    other = replace(
        sample, name=sample.companion.name, table=table, raw_scores=rescored(sample.rescorer, table),
        raw_favourable=None, raw_weights=None, time="",
    )  # fmt: skip
    figures = (*_areas(sample, other), *_briers(sample, other), _accuracy(sample, other))
    return Measurement(figures, method=METHOD.format(other=sample.companion.label))


def _areas(sample: Sample, other: Sample) -> Iterator[Figure]:
    here, there = (area(each.scores, each.labels) for each in (sample, other))
    yield estimate("auc", (here.value, here.low, here.high), sample.rows)
    yield estimate("auc_beside", (there.value, there.low, there.high), other.rows)
    value, half = here.value - there.value, Z * math.hypot(here.error, there.error)
    yield estimate("auc_change", (value, max(value - half, -1.0), min(value + half, 1.0)), sample.rows)


def _briers(sample: Sample, other: Sample) -> Iterator[Figure]:
    here, there = (mean((each.scores - each.labels) ** 2) for each in (sample, other))
    yield estimate("brier", (here[0], max(here[1], 0.0), here[2]), sample.rows)
    yield estimate("brier_beside", (there[0], max(there[1], 0.0), there[2]), other.rows)
    value, half = here[0] - there[0], math.hypot(here[0] - here[1], there[0] - there[1])
    yield estimate("brier_change", (value, value - half, value + half), sample.rows)


def _accuracy(sample: Sample, other: Sample) -> Figure:
    (own, n), (standard, of) = ((int((e.predicted == e.labels).sum()), e.rows) for e in (sample, other))
    low, high = difference(own, n, standard, of)
    return estimate("accuracy_change", (own / n - standard / of, float(low), float(high)), n)
