"""Predictive parity: whether a decision means the same, whichever group it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.fairness.differences import differences
from muster.checks.fairness.reference import PARAMETERS, compare
from muster.columns.sample import Sample
from muster.columns.statistics.parity.cells import Cells
from muster.records.evidence import Measurement

METHOD = (
    "Of the people who got the favourable decision, the share that deserved it by the true outcome (favourable "
    "precision); of the refused, the share that did not (adverse precision). Differences are absolute, against "
    "{reference} ({how}), with Newcombe's interval folded at 0. n is the number of people in the group with that "
    "decision."
)

DIFFERENCES = {
    "favourable_precision": "predictive_parity_difference",
    "adverse_precision": "adverse_precision_difference",
}


@check("fairness.predictive_parity", version=1, required=("attribute",), parameters=PARAMETERS)
def predictive_parity(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare the precision of decisions between groups: predictive parity (Chouldechova 2017).

    Parameters as in ``fairness.impact_ratio``; needs labels. Where groups differ in how many deserve the favourable
    decision, precision and error rates cannot both be equal, unless decisions are perfect.
    """
    qualified = sample.qualified
    compared = compare(sample, parameters)
    cells = Cells.of(compared.grouping, qualified, sample.favourable)
    figures = (
        figure
        for rate, apart in DIFFERENCES.items()
        for figure in differences(compared, rate, apart, *cells.rate(rate))
    )
    reference = compared.grouping.label(compared.reference)
    return Measurement(tuple(figures), method=METHOD.format(reference=reference, how=compared.how))
