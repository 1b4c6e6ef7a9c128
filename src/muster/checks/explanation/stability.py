"""Stability: whether people who differ by next to nothing are given the same reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.declare import check
from muster.checks.explanation.refusals import Refusals, sets
from muster.checks.figures import estimate, proportion
from muster.checks.parameters import number
from muster.columns.arrow import Integers, floats, is_number
from muster.columns.explanation.factors import adverse, principal
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import mean
from muster.records.evidence import Figure, Measurement

SEED = 20260721

METHOD = (
    "noise: normal, {noise:g} of the standard deviation of each numeric input among refused people, whole numbers "
    "rounded to whole numbers (seed {seed}). background: explained against every "
    "second approved person, then against the others. top_reason_kept: Wilson's interval; reasons_kept: part of all "
    "reasons of both that both have, averaged, normal interval."
)


@check("explanation.stability", version=1, parameters=("noise", "rows"))
def stability(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure whether small noise, or other approved people to compare with, leaves the reasons as they are.

    ``top_reason_kept``: share of refused people whose first reason stays; ``reasons_kept``: how much of the list does;
    each for ``noise`` and for another ``background``.
    ``noise``: in standard deviations of each numeric input (0.05); ``rows``: how many refused people are looked at
    (1,000).
    """
    size = number(parameters, "noise", 0.05, least=0.0, most=10.0)
    found = Refusals.of(sample, parameters)
    shaken = _reasons(found, found.attribution, _noisy(found, size))
    halves = [found.approved.take(np.arange(start, found.approved.num_rows, 2)) for start in (0, 1)]
    figures = [*_kept(found, found.reasons, shaken, "noise")]
    if halves[1].num_rows:
        one, other = (_reasons(found, found.model.against(half), found.table) for half in halves)
        figures += _kept(found, one, other, "background")
    return Measurement(tuple(figures), method=found.method(METHOD.format(noise=size, seed=SEED)))


def _reasons(found: Refusals, attribution: Any, table: pa.Table) -> Integers:
    against = adverse(attribution.shares(table), found.rule)
    return principal(against, found.factors.nameable, found.factors.most)


def _noisy(found: Refusals, size: float) -> pa.Table:
    rng = np.random.default_rng(SEED)
    table = found.table
    for at, name in enumerate(table.column_names):
        kind = table.column(name).type
        if name not in found.inputs or not is_number(kind):
            continue
        values = floats(table, name)
        known = np.isfinite(values)
        spread = float(values[known].std()) if known.any() else 0.0
        moved = values + rng.normal(0.0, 1.0, values.size) * size * spread
        whole = bool((values[known] == np.round(values[known])).all())
        moved = np.round(moved) if whole else moved
        table = table.set_column(at, name, pa.array(moved, mask=~known).cast(kind, safe=False))
    return table


def _kept(found: Refusals, one: Integers, other: Integers, group: str) -> Iterator[Figure]:
    first = int(np.count_nonzero(one[:, 0] == other[:, 0]))
    yield proportion("top_reason_kept", first, found.rows, group)
    told, told_then = (sets(reasons, len(found.factors.each)) for reasons in (one, other))
    either = (told | told_then).sum(axis=1)
    kept = np.where(either > 0, (told & told_then).sum(axis=1) / np.maximum(either, 1), 1.0)
    if kept.size > 1:
        value, low, high = mean(kept)
        yield estimate("reasons_kept", (value, max(low, 0.0), min(high, 1.0)), found.rows, group)
