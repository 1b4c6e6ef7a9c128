"""Amount gap: how far apart the prices, limits or other amounts are that a model gives to groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.reference import groups_of
from muster.checks.figures import estimate
from muster.checks.parameters import text
from muster.columns.answers.amounts import Amounts
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import Grouping
from muster.columns.statistics.intervals import absolute
from muster.columns.statistics.parity.means import apart, standardised
from muster.records.evidence import Figure, Measurement

NOTHING = "fewer than two rows: nothing is known, so the worst is assumed"
WORST = 10.0
"""Standard deviations that stand for a gap which is not known: no limit that means anything is met by it."""

METHOD = (
    "Predicted amounts of each group less those of {reference}, in the unit of the target. amount_difference: of the "
    "means, Welch's normal interval; error_difference: of the mean errors, predicted less actual, so that what is left "
    "is not explained by actual amounts. Gaps: the same over the pooled standard deviation, without sign, large-sample "
    "interval (Hedges and Olkin 1985) folded at 0. Whether more is better is for the reader: of a limit it is, of "
    "a price it is not. n is the size of the group."
)


@check("fairness.amount_gap", version=1, required=("attribute", "reference"), parameters=("bands", "cross"))
def amount_gap(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare predicted amounts, such as prices or limits, and their errors between groups.

    ``attribute``, ``bands`` and ``cross`` as in ``fairness.impact_ratio``; ``reference``: the group to compare with,
    always named. For samples of a regression.
    """
    amounts = sample.amounts
    grouping = groups_of(sample, parameters)
    reference, sizes = grouping.code(text(parameters, "reference")), grouping.counts()
    if sizes[reference] < 2 or np.count_nonzero(sizes[:-1]) < 2:
        msg = f"{grouping.attribute}: the reference group has fewer than two rows, or no other group has any"
        raise ValueError(msg)
    asked = range(sizes.size if sizes[-1] else sizes.size - 1)
    others = [code for code in asked if code != reference]
    figures = tuple(figure for code in others for figure in _group(grouping, amounts, code, reference))
    return Measurement(figures, method=METHOD.format(reference=grouping.label(reference)))


def _group(grouping: Grouping, amounts: Amounts, code: int, reference: int) -> Iterator[Figure]:
    inside, standard = grouping.codes == code, grouping.codes == reference
    label, n = grouping.label(code), int(np.count_nonzero(inside))
    if n < 2:
        yield Figure("standardised_amount_gap", WORST, n, None, None, label, NOTHING)
        yield Figure("standardised_error_gap", WORST, n, None, None, label, NOTHING)
        return
    own, others = amounts.predicted[inside], amounts.predicted[standard]
    note = f"mean {own.mean():.6g}, of the reference group {others.mean():.6g}"
    yield estimate("amount_difference", apart(own, others), n, label, note)
    yield _gap("standardised_amount_gap", standardised(own, others), n, label)
    errors = amounts.errors[inside], amounts.errors[standard]
    yield estimate("error_difference", apart(*errors), n, label)
    yield _gap("standardised_error_gap", standardised(*errors), n, label)


def _gap(name: str, found: tuple[float, float, float], n: int, label: str) -> Figure:
    value, low, high = found
    near, far = absolute(low, high)
    return Figure(name, abs(value), n, float(near), float(far), label)
