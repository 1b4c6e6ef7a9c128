"""Accuracy by group, and which way the errors fall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from muster.checks.declare import check
from muster.checks.fairness.differences import differences
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.columns.sample import Sample
from muster.columns.statistics.parity.cells import Cells
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Share of decisions that agree with the true outcome (accuracy, n is the size of the group), and of the wrong "
    "decisions the share that refuses somebody who deserved better (n is the number of wrong decisions). "
    "Differences are absolute, against {reference} ({how}), with Newcombe's interval folded at 0."
)


@check("fairness.accuracy", version=1, required=("attribute",), parameters=PARAMETERS)
def accuracy(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare between groups how often decisions are right, and which way wrong ones fall (treatment equality).

    Parameters as in ``fairness.impact_ratio``; needs labels. Treatment equality (Berk and others 2021) compares wrongly
    refused people a wrongly favoured one. That ratio has no bounds, so that it is given in the notes, and the share of
    errors that are wrong refusals is measured: it grows with the ratio and is equal where the ratio is.
    """
    qualified = sample.qualified
    compared = compare(sample, parameters)
    cells = Cells.of(compared.grouping, qualified, sample.favourable)
    figures = (
        *differences(compared, "accuracy", "accuracy_difference", *cells.rate("accuracy")),
        *_treatment(compared, cells),
    )
    reference = compared.grouping.label(compared.reference)
    return Measurement(figures, method=METHOD.format(reference=reference, how=compared.how))


def _treatment(compared: Compared, cells: Cells) -> Iterator[Figure]:
    hits, of = cells.rate("wrongly_refused_share")
    notes = {
        compared.grouping.label(code): f"{hits[code]} wrongly refused, {of[code] - hits[code]} wrongly favoured"
        for code in compared.asked
    }
    if of[compared.reference] == 0:
        # Faultless decisions leave accuracy to be reported: that nobody erred is no reason to measure nothing.
        return
    for figure in differences(compared, "wrongly_refused_share", "treatment_equality_difference", hits, of):
        named = figure.name == "wrongly_refused_share"
        yield replace(figure, note=notes[figure.group]) if named else figure
