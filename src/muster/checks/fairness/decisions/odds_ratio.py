"""Odds ratios of the favourable decision, overall and common to declared business strata."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.checks.fairness.strata import count_by, strata_of
from muster.checks.figures import exact
from muster.columns.arrow import Integers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import Z
from muster.columns.statistics.parity.strata import stratified_odds
from muster.columns.statistics.parity.testing import normal_p
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Odds of the favourable decision in each group over those in {reference} ({how}); interval on the log (Woolf "
    "1955), with half a count added to all four cells where one is empty. n is the size of the group.{strata}"
)
NOTHING = "nothing is known, so the worst is assumed"
ONE = "one stratum tells the groups apart, so that it is no question"
WITHIN = (
    " Within {count} strata of {names}: common odds ratio of Mantel and Haenszel, interval after Robins, Breslow and "
    "Greenland; p-value of the Cochran-Mantel-Haenszel test without continuity correction. Strata with one group or "
    "one decision say nothing and are left out; n counts the rows of both groups in the others. Whether one ratio fits "
    "all strata is Breslow and Day's test with Tarone's correction: a small p-value says that it does not, so that the "
    "strata are to be read one by one."
)


@check("fairness.odds_ratio", version=2, required=("attribute",), parameters=(*PARAMETERS, "strata"))
def odds_ratio(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare the odds of the favourable decision between groups, also holding declared business factors equal.

    Parameters as in ``fairness.impact_ratio``, and ``strata`` as in ``fairness.disparity``: the common odds ratio says
    whether like applicants of different groups are favoured alike, and ``homogeneity_p`` whether one ratio fits all.
    """
    compared = compare(sample, parameters)
    strata = strata_of(sample, parameters)
    cells = count_by(strata, compared.grouping, sample.favourable)
    figures = [_odds(compared, cells.sum(axis=0), code) for code in compared.asked]
    within = ""
    if strata is not None:
        figures += [figure for code in compared.asked for figure in _within(compared, cells, code)]
        within = WITHIN.format(count=int((cells.sum(axis=(1, 2)) > 0).sum()), names=strata.attribute)
    label = compared.grouping.label(compared.reference)
    return Measurement(tuple(figures), method=METHOD.format(reference=label, how=compared.how, strata=within))


def _odds(compared: Compared, counts: Integers, code: int) -> Figure:
    label, size = compared.grouping.label(code), int(compared.sizes[code])
    if code == compared.reference:
        return Figure("odds_ratio", 1.0, size, 1.0, 1.0, label, "reference group: 1 by definition")
    if size == 0:
        return Figure("odds_ratio", 0.0, 0, None, None, label, NOTHING)
    cells = [*counts[code].tolist(), *counts[compared.reference].tolist()]
    note = ""
    if 0 in cells:
        cells = [count + 0.5 for count in cells]
        note = "half a count was added to each cell, since one was empty"
    own_refused, own_favoured, refused, favoured = cells
    value = own_favoured * refused / (own_refused * favoured)
    factor = math.exp(Z * math.sqrt(sum(1 / count for count in cells)))
    return Figure("odds_ratio", value, size, value / factor, value * factor, label, note)


def _within(compared: Compared, cells: Integers, code: int) -> Iterator[Figure]:
    label, size = compared.grouping.label(code), int(compared.sizes[code])
    if code == compared.reference:
        yield Figure("conditional_odds_ratio", 1.0, size, 1.0, 1.0, label, "reference group: 1 by definition")
        return
    tables = cells[:, [code, compared.reference], ::-1]
    try:
        found = stratified_odds(tables)
    except ValueError as problem:
        # One group that cannot be told does not take the figures of the others away.
        yield Figure("conditional_odds_ratio", 0.0, 0, None, None, label, f"{NOTHING}: {problem}")
        yield Figure("conditional_p_value", 0.0, 0, None, None, label, NOTHING)
        yield Figure("homogeneity_p", 0.0, 0, None, None, label, NOTHING)
        return
    note = f"{found.strata} strata that tell the groups apart"
    yield Figure("conditional_odds_ratio", found.value, found.rows, found.low, found.high, label, note)
    p = normal_p(math.sqrt(found.chi_square))
    yield exact("conditional_p_value", p, found.rows, label)
    told = f"chi-square {found.homogeneity:.4g} on {found.strata - 1} degrees of freedom" if found.strata > 1 else ONE
    yield exact("homogeneity_p", found.homogeneity_p, found.rows, label, told)
