"""Elderly: whether age counts against those of 62 and over, tested by giving them every younger age."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.counterfactual.changed import changed, choose, rescorer_of, towards_favour
from muster.checks.figures import proportion
from muster.checks.parameters import text, whole
from muster.checks.rescored import decide, inputs_of
from muster.columns.arrow import Floats, Integers, floats
from muster.columns.rescoring import rescored
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import mean
from muster.records.evidence import Figure, Measurement

LIMIT = 62
MOST_ROWS = 5000
MOST_AGES = 60
TOLERANCE = 1e-6
"""Scores closer than this are the same: one that is worse by less is no negative value."""

METHOD = (
    "Each of {rows} people of {limit:g} and over is scored at every one of {younger} younger ages that occur in the "
    "sample, all else unchanged, and held against the best of them: the class most favoured by age, as 12 CFR "
    "1002.2(v) has it. elderly_worse_decision: share refused at their own age and favoured at a younger one. "
    "elderly_worse_score: share with a worse score than at the best younger age. elderly_penalty: mean shortfall of "
    "score, normal interval. age_reversal: share whose score falls anywhere as age rises through {older} ages from "
    "{limit:g} on. Differences under {tolerance:g} of score count as none. Shares with Wilson's interval; columns "
    "that are made of age, or stand in for it, stay as they are."
)
NOT_READ = (
    "The model does not read {column}, so that age as such changes no score; stand-ins for age are another check's."
)


@check("fairness.elderly", version=1, parameters=("attribute", "limit", "rows"), required=())
def elderly(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Test that age has no negative effect on the elderly: counterfactual younger ages, and no fall as age rises.

    ``attribute``: the column of ages (``AGE``); ``limit``: from which age people are elderly (62); ``rows``: at most so
    many of them are scored (5,000). Needs the model beside the sample, unless it does not read the column.
    Source: Regulation B, 12 CFR 1002.2(o) and (v) and 1002.6(b)(2).
    """
    column = text(parameters, "attribute", "AGE")
    limit = whole(parameters, "limit", LIMIT)
    ages = floats(sample.table, column)
    if not ages.size:
        msg = f"sample {sample.name!r} has no rows"
        raise ValueError(msg)
    if column not in inputs_of(sample):
        note = f"the model does not read {column}"
        names = ("elderly_worse_decision", "elderly_worse_score", "elderly_penalty", "age_reversal")
        figures = tuple(Figure(name, 0.0, sample.rows, 0.0, 0.0, note=note) for name in names)
        return Measurement(figures, method=NOT_READ.format(column=column))
    younger, older = _places(ages, ages < limit), _places(ages, ages >= limit)
    rows = choose(np.flatnonzero(ages >= limit), whole(parameters, "rows", MOST_ROWS))
    if not (younger.size and rows.size):
        msg = f"{column} needs values under {limit} and from {limit} on: {younger.size} ages, {rows.size} rows"
        raise ValueError(msg)
    figures = tuple(_figures(sample, column, rows, younger, older))
    method = METHOD.format(rows=rows.size, limit=limit, younger=younger.size, older=older.size, tolerance=TOLERANCE)
    return Measurement(figures, method=method)


def _places(ages: Floats, where: Any) -> Integers:
    """Return one row for each age that occurs among those asked about, ages increasing; thinned evenly if many."""
    rows = np.flatnonzero(where)
    _, first = np.unique(ages[rows], return_index=True)
    found = rows[first]
    if found.size > MOST_AGES:
        found = found[np.unique(np.linspace(0, found.size - 1, MOST_AGES).round().astype(np.int64))]
    return found


def _figures(sample: Sample, column: str, rows: Integers, younger: Integers, older: Integers) -> Iterator[Figure]:
    rescorer, rule, n = rescorer_of(sample, rows), sample.rule, int(rows.size)
    table, ages = sample.table.take(rows), sample.table.column(column)

    def at(place: int) -> Floats:
        same_age = ages.take(np.full(n, place))
        return rescored(rescorer, changed(table, {column: same_age}))

    own = rescored(rescorer, table)
    best = np.full(n, -np.inf)
    favoured = np.zeros(n, dtype=np.bool_)
    for place in younger.tolist():
        scores = at(place)
        best = np.maximum(best, towards_favour(rule, scores))
        favoured |= decide(rule, scores)
    shortfall = best - towards_favour(rule, own)
    yield proportion("elderly_worse_decision", int(np.count_nonzero(favoured & ~decide(rule, own))), n)
    yield proportion("elderly_worse_score", int(np.count_nonzero(shortfall > TOLERANCE)), n)
    centre, low, high = mean(shortfall)
    wide = n > 1
    yield Figure("elderly_penalty", centre, n, low if wide else None, high if wide else None)
    fell, before = np.zeros(n, dtype=np.bool_), np.full(n, -np.inf)
    for place in older.tolist():
        after = towards_favour(rule, at(place))
        fell |= after < before - TOLERANCE
        before = after
    yield proportion("age_reversal", int(np.count_nonzero(fell)), n)
