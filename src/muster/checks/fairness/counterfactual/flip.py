"""Flip: how many decisions change when people are given what members of another group have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.counterfactual.changed import changed, choose, rescorer_of, towards_favour
from muster.checks.fairness.reference import groups_of
from muster.checks.figures import proportion
from muster.checks.parameters import names, text, whole
from muster.checks.rescored import SEED, decide, inputs_of
from muster.columns.arrow import Bools, Floats, Integers, column_of
from muster.columns.rescoring import Rescorer, rescored
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import Grouping
from muster.columns.statistics.intervals import mean
from muster.records.evidence import Figure, Measurement

MOST_ROWS = 10_000

METHOD = (
    "People outside each group get the values of {columns} of members of the group, drawn by seed {seed}, all else "
    "unchanged, and are scored again; on {rows} rows. flip_rate: share whose decision changes, Wilson's interval. "
    "flip_net: share that becomes favoured less share that becomes refused, normal interval; above 0, being of the "
    "group helps. flip_score_shift: mean change of score towards the favourable side. n is the number of people so "
    "changed. Other columns that go together with these stay, so that changed rows may be rare in life."
)
NOT_READ = "The model reads none of {columns}: changing them changes nothing."


@check("fairness.flip", version=1, required=("attribute",), parameters=("bands", "cross", "columns", "rows"))
def flip(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Change an attribute, or what stands in for it, and count the decisions that change with it.

    ``attribute``, ``bands`` and ``cross`` as in ``fairness.impact_ratio``; ``columns``: what is changed, together (the
    attribute itself): name proxies here; ``rows``: at most so many rows are used (10,000). Needs the model beside the
    sample, unless it reads none of the columns.
    """
    columns = names(parameters, "columns") if "columns" in parameters else (text(parameters, "attribute"),)
    for column in columns:
        column_of(sample.table, column)
    grouping = groups_of(sample, parameters)
    named = ", ".join(columns)
    read = [column for column in columns if column in inputs_of(sample)]
    chosen = choose(np.arange(sample.rows), whole(parameters, "rows", MOST_ROWS, least=100))
    asked = [code for code, size in enumerate(grouping.counts()[:-1].tolist()) if size]
    if len(asked) < 2:
        msg = f"{grouping.attribute} has rows in one known group at most: there is nothing to change to"
        raise ValueError(msg)
    if not read:
        figures = tuple(_unread(grouping, asked, chosen))
        return Measurement(figures, method=NOT_READ.format(columns=named))
    rescorer = rescorer_of(sample, chosen)
    figures = tuple(figure for code in asked for figure in _group(sample, rescorer, read, grouping, (code, chosen)))
    return Measurement(figures, method=METHOD.format(columns=named, seed=SEED, rows=chosen.size))


def _unread(grouping: Grouping, asked: Sequence[int], chosen: Integers) -> Iterator[Figure]:
    for code in asked:
        n = int(np.count_nonzero(grouping.codes[chosen] != code))
        for name in ("flip_rate", "flip_net", "flip_score_shift"):
            yield Figure(name, 0.0, n, 0.0, 0.0, grouping.label(code), "the model does not read what is changed")


def _group(
    sample: Sample, rescorer: Rescorer, columns: Sequence[str], grouping: Grouping, asked: tuple[int, Integers]
) -> Iterator[Figure]:
    code, chosen = asked
    others = chosen[grouping.codes[chosen] != code]
    if not others.size:
        return
    donors = np.random.default_rng((SEED, code)).choice(np.flatnonzero(grouping.codes == code), size=others.size)
    given = {column: sample.table.column(column).take(donors) for column in columns}
    after = rescored(rescorer, changed(sample.table.take(others), given))
    yield from _figures(sample, grouping.label(code), sample.scores[others], after)


def _figures(sample: Sample, label: str, before: Floats, after: Floats) -> Iterator[Figure]:
    old, new = decide(sample.rule, before), decide(sample.rule, after)
    yield proportion("flip_rate", int(np.count_nonzero(old != new)), int(old.size), label, _note(old, new))
    for name, values in (
        ("flip_net", new.astype(np.float64) - old),
        ("flip_score_shift", towards_favour(sample.rule, after) - towards_favour(sample.rule, before)),
    ):
        centre, low, high = mean(values)
        wide = values.size > 1
        yield Figure(name, centre, int(old.size), low if wide else None, high if wide else None, label)


def _note(old: Bools, new: Bools) -> str:
    return f"{np.count_nonzero(new & ~old)} become favoured, {np.count_nonzero(old & ~new)} become refused"
