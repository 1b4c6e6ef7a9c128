"""AUC by group: whether scores tell good from bad as well in one group as in another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.columns.arrow import Bools, Floats
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import Z, absolute
from muster.columns.statistics.ranking import Area, area
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Area under the ROC curve within each group, DeLong's interval on the logit. Differences are absolute, against "
    "{reference} ({how}); groups are different people, so that the error of the difference is the root of the sum of "
    "squares of both, its interval folded at 0; errors are no smaller than the intervals of the areas say. n is the "
    "number of people in the group with the rarer outcome."
)


@check("fairness.auc", version=1, required=("attribute",), parameters=PARAMETERS)
def group_auc(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare how well scores rank outcomes within each group: a model that is worse for a group fails it quietly.

    Parameters as in ``fairness.impact_ratio``; needs labels. A group in which an outcome occurs less than twice has no
    area, and the worst difference: nothing is known.
    """
    labels, scores = sample.labels, sample.scores
    compared = compare(sample, parameters)
    areas = {code: _area(compared, scores, labels, code) for code in compared.asked}
    standard = areas[compared.reference][0]
    label = compared.grouping.label(compared.reference)
    if standard is None:
        msg = f"the reference group {label} does not hold two rows of each outcome"
        raise ValueError(msg)
    figures = [
        figure
        for code, (found, rarer) in areas.items()
        for figure in _figures(compared.grouping.label(code), found, rarer, standard)
    ]
    return Measurement(tuple(figures), method=METHOD.format(reference=label, how=compared.how))


def _area(compared: Compared, scores: Floats, labels: Bools, code: int) -> tuple[Area | None, int]:
    inside = compared.grouping.codes == code
    own = labels[inside]
    positives = int(own.sum())
    rarer = min(positives, own.size - positives)
    return (area(scores[inside], own) if rarer >= 2 else None), rarer


def _figures(label: str, found: Area | None, rarer: int, standard: Area) -> Iterator[Figure]:
    if found is None:
        note = "an outcome occurs less than twice here: nothing is known, so the worst is assumed"
        yield Figure("group_auc", 0.0, rarer, 0.0, 1.0, label, note)
        yield Figure("auc_difference", 1.0, rarer, 0.0, 1.0, label, note)
        return
    yield Figure("group_auc", found.value, rarer, found.low, found.high, label)
    if found is standard:
        yield Figure("auc_difference", 0.0, rarer, 0.0, 0.0, label, "reference group: 0 by definition")
        return
    apart = found.value - standard.value
    half = Z * math.hypot(_error(found), _error(standard))
    low, high = absolute(apart - half, apart + half)
    note = f"{'lower' if apart < 0 else 'higher'} than the reference group" if apart else ""
    yield Figure("auc_difference", abs(apart), rarer, float(low), float(high), label, note)


def _error(found: Area) -> float:
    """Return the standard error, from the interval where every pair is ordered and DeLong's error is 0."""
    return found.error or (found.high - found.low) / (2 * Z)
