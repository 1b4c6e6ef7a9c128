"""Stability: whether the model does as well out of time, out of sample and elsewhere as where it began."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import estimate, proportion
from muster.checks.parameters import bands, choice, text
from muster.columns.arrow import Bools
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import FORMATS, Grouping, by_period
from muster.columns.statistics.intervals import Z, difference
from muster.columns.statistics.ranking import Area, area
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Each part of {attribute} by itself: area under the ROC curve with DeLong's interval, accuracy and rate of "
    "positives with Wilson's. Changes are against {reference}: of areas normal, since parts share no rows; of accuracy "
    "by Newcombe. Each row counts once. Of a part without two rows of each class nothing is known of its ranking: the "
    "worst is assumed."
)


@check("performance.stability", version=1, parameters=("column", "bands", "period", "reference"))
def stability(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare performance between parts of the sample, against one of them: out of time, or out of sample.

    ``column``: what parts the rows, such as a column of train and test (the sample's time); ``bands``: lower limits of
    numeric parts; ``period``: year, quarter, month or day, for columns of dates (year, for the sample's time);
    ``reference``: the part with which the others are compared (the first).
    """
    grouping = _parts(sample, parameters)
    sizes = grouping.counts()
    there = [code for code in range(len(sizes)) if sizes[code]]
    named = text(parameters, "reference")
    reference = grouping.code(named) if named else there[0]
    if sizes[reference] == 0 or len(there) < 2:
        label = grouping.label(reference)
        msg = f"there must be rows in {label} and in one part beside it: there are {sizes[reference]} of {sample.rows}"
        raise ValueError(msg)
    scores, labels, right = sample.scores, sample.labels, sample.predicted == sample.labels
    standard = _area(scores, labels, grouping.codes == reference)
    if standard is None:
        msg = f"{grouping.label(reference)} has too few rows of one class to compare others with"
        raise ValueError(msg)
    figures: list[Figure] = []
    for code in there:
        inside = grouping.codes == code
        label = grouping.label(code)
        figures += _ranking(_area(scores, labels, inside), standard, label, int(sizes[code]), same=code == reference)
        figures += _accuracy(right, inside, grouping.codes == reference, label)
        figures.append(proportion("positive_rate", int(np.count_nonzero(labels & inside)), int(sizes[code]), label))
    method = METHOD.format(attribute=grouping.attribute, reference=grouping.label(reference))
    return Measurement(tuple(figures), method=method)


def _parts(sample: Sample, parameters: Mapping[str, Any]) -> Grouping:
    column = text(parameters, "column", sample.time)
    if not column:
        msg = f"sample {sample.name!r} has no time: name a column that parts its rows"
        raise ValueError(msg)
    limits = bands(parameters, column)
    if "period" in parameters and limits is not None:
        msg = "parameters period and bands both part the rows: give one of them"
        raise ValueError(msg)
    if sample.rows and ("period" in parameters or (column == sample.time and limits is None)):
        return by_period(sample.table, column, choice(parameters, "period", tuple(FORMATS)))
    return sample.groups(column, limits)


def _area(scores: Any, labels: Bools, inside: Bools) -> Area | None:
    try:
        return area(scores[inside], labels[inside])
    except ValueError:
        return None


def _ranking(found: Area | None, standard: Area, label: str, rows: int, *, same: bool) -> Iterator[Figure]:
    if found is None:
        note = "fewer than two rows of a class: nothing is known, so the worst is assumed"
        yield Figure("auc", 0.0, rows, 0.0, 1.0, label, note)
        yield Figure("auc_change", -standard.value, rows, -standard.value, 1 - standard.value, label, note)
        return
    yield estimate("auc", (found.value, found.low, found.high), rows, label)
    if same:
        yield Figure("auc_change", 0.0, rows, 0.0, 0.0, label, "reference: 0 by definition")
        return
    value, half = found.value - standard.value, Z * math.hypot(found.error, standard.error)
    yield estimate("auc_change", (value, max(value - half, -1.0), min(value + half, 1.0)), rows, label)


def _accuracy(right: Bools, inside: Bools, reference: Bools, label: str) -> Iterator[Figure]:
    own = int(np.count_nonzero(right & inside)), int(np.count_nonzero(inside))
    standard = int(np.count_nonzero(right & reference)), int(np.count_nonzero(reference))
    yield proportion("accuracy", *own, label)
    if np.array_equal(inside, reference):
        yield Figure("accuracy_change", 0.0, own[1], 0.0, 0.0, label, "reference: 0 by definition")
        return
    low, high = difference(*own, *standard)
    value = own[0] / own[1] - standard[0] / standard[1]
    yield estimate("accuracy_change", (value, float(low), float(high)), own[1], label)
