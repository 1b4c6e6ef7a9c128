"""Disparity: differences in how often groups are favoured, overall and within declared business strata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.differences import differences
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.checks.fairness.strata import count_by, strata_of
from muster.columns.arrow import Integers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import difference
from muster.columns.statistics.parity.resample import DRAWS, SEED, percentiles, redraw
from muster.columns.statistics.parity.strata import conditional_disparity, disparity
from muster.records.evidence import Figure, Measurement

NOTHING = "no rows in this group: nothing is known, so the worst is assumed"

METHOD = (
    "Statistical parity: absolute difference of the rates of favourable decisions from {reference} ({how}), "
    "Newcombe's interval folded at 0. Demographic disparity: a group's share of all refused people less its share "
    "of all favoured people, Newcombe's interval; above 0 it is refused more than favoured. Conditional: the same "
    "within {strata}, averaged by the rows of each; percentile interval of {draws} bootstrap draws of the counts "
    "(seed {seed}). n is the size of the group."
)


@check("fairness.disparity", version=1, required=("attribute",), parameters=(*PARAMETERS, "strata"))
def disparities(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure statistical parity and demographic disparity, also conditional on declared business factors.

    Parameters as in ``fairness.impact_ratio``, and ``strata``: columns such as credit bands, within which groups are
    compared; columns of numbers need bands by column name. Source: Wachter, Mittelstadt and Russell (2021).
    """
    compared = compare(sample, parameters)
    strata = strata_of(sample, parameters)
    cells = count_by(strata, compared.grouping, sample.favourable)
    refused, favoured = cells.sum(axis=(0, 1)).tolist()
    if not refused:
        msg = "everybody got the favourable decision: there is no disparity to measure among the refused"
        raise ValueError(msg)
    parity = differences(
        compared, "favourable_rate", "statistical_parity_difference", compared.favourable, compared.sizes
    )
    figures = [*parity, *_disparity(compared, cells, (refused, favoured))]
    if strata is not None:
        figures += _conditional(compared, cells)
    named = (
        "no strata" if strata is None else f"{np.count_nonzero(cells.sum(axis=(1, 2)))} strata of {strata.attribute}"
    )
    label = compared.grouping.label(compared.reference)
    method = METHOD.format(reference=label, how=compared.how, strata=named, draws=DRAWS, seed=SEED)
    return Measurement(tuple(figures), method=method)


def _disparity(compared: Compared, cells: Integers, totals: tuple[int, int]) -> Iterator[Figure]:
    counts = cells.sum(axis=0)
    found = disparity(counts)
    for code in compared.asked:
        own_refused, own_favoured = counts[code].tolist()
        low, high = difference(own_refused, totals[0], own_favoured, totals[1])
        label, size = compared.grouping.label(code), own_refused + own_favoured
        if size == 0:
            yield Figure("demographic_disparity", 1.0, 0, -1.0, 1.0, label, NOTHING)
            continue
        yield Figure("demographic_disparity", float(found[code]), size, float(low), float(high), label)


def _conditional(compared: Compared, cells: Integers) -> Iterator[Figure]:
    kept = cells[cells.sum(axis=(1, 2)) > 0]
    found, drawn = conditional_disparity(kept), conditional_disparity(redraw(kept))
    for code in compared.asked:
        label, size = compared.grouping.label(code), int(compared.sizes[code])
        if size == 0:
            yield Figure("conditional_demographic_disparity", 1.0, 0, -1.0, 1.0, label, NOTHING)
            continue
        value = float(found[code])
        low, high = percentiles(value, drawn[:, code])
        yield Figure("conditional_demographic_disparity", value, size, low, high, label)
