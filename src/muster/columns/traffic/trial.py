"""Trial: rows of a version and of the champion beside it, as one table: a sample that checks can look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.traffic.sides import Side
from muster.ports.log import INPUT

OF, WHAT, ROWS, SPAN = "of", "what", "rows", "span"
"""Columns beside those of the log: whose row it is, what became of it, how many it stands for, and in which span."""

TRIED, CHAMPION = "tried", "champion"
"""Whose row it is."""

DECIDED, FAULT, REFUSED = "decided", "fault", "refused"
"""What became of it."""

_TYPES: Mapping[str, Any] = {
    "at": pa.timestamp("us", "UTC"),
    "score": pa.float64(),
    "favourable": pa.bool_(),
    "latency_us": pa.int64(),
}
"""Columns of the log that are kept."""


def decided(of: str, batch: Any, groups: Sequence[str]) -> pa.Table:
    """Return decisions of one version as rows of a trial: inputs by which people are told apart come along as text."""
    table = pa.table(
        [pc.cast(batch.column(name), kind) for name, kind in _TYPES.items()],
        names=list(_TYPES),
    )
    for name in (INPUT + group for group in groups):
        there = name in batch.column_names
        told = pc.cast(batch.column(name), pa.string()) if there else pa.nulls(table.num_rows, pa.string())
        table = table.append_column(name, told)
    return _rest(table, of, DECIDED, [1] * table.num_rows)


def refused(of: str, what: str, at: Sequence[Any], rows: Sequence[int], groups: Sequence[str]) -> pa.Table:
    """Return requests that were not decided as rows of a trial, each of which stands for all of its rows."""
    size = len(rows)
    columns: Mapping[str, Any] = {
        "at": pa.array(at, _TYPES["at"]),
        "score": pa.array(np.zeros(size)),  # never looked at; what is no number would not be a sample
        "favourable": pa.nulls(size, pa.bool_()),
        "latency_us": pa.array(np.zeros(size, np.int64)),
        **{INPUT + name: pa.nulls(size, pa.string()) for name in groups},
    }
    return _rest(pa.table(columns), of, what, rows)


def _rest(table: pa.Table, of: str, what: str, rows: Sequence[int]) -> pa.Table:
    size = table.num_rows
    return (
        table.append_column(OF, pa.array([of] * size, pa.string()))
        .append_column(WHAT, pa.array([what] * size, pa.string()))
        .append_column(ROWS, pa.array(rows, pa.int64()))
    )


def within(table: pa.Table, spans: Sequence[tuple[Any, Any]]) -> pa.Table:
    """Return the rows that are within spans of time (from, until; None: to this day), with the number of the span."""
    at, number = table.column("at"), pa.nulls(table.num_rows, pa.int64())
    for place, (begin, end) in enumerate(spans):
        inside = pc.greater_equal(at, pa.scalar(begin, at.type))
        if end is not None:
            inside = pc.and_(inside, pc.less(at, pa.scalar(end, at.type)))
        number = pc.if_else(inside, pa.scalar(place, pa.int64()), number)
    return table.append_column(SPAN, number).filter(pc.is_valid(number))


def sides(table: pa.Table, groups: str) -> tuple[Side, Side]:
    """Return what the version that was tried did, and what the champion did."""
    found = []
    for of in (TRIED, CHAMPION):
        side, mine = Side(), table.filter(pc.equal(table.column(OF), pa.scalar(of)))
        kinds = {kind: mine.filter(pc.equal(mine.column(WHAT), pa.scalar(kind))) for kind in (DECIDED, FAULT, REFUSED)}
        if kinds[DECIDED].num_rows:
            side.take(kinds[DECIDED], groups and INPUT + groups)
        side.faults = pc.sum(kinds[FAULT].column(ROWS)).as_py() or 0
        side.refused = pc.sum(kinds[REFUSED].column(ROWS)).as_py() or 0
        found.append(side)
    return found[0], found[1]


def days(table: pa.Table) -> float:
    """Return for how long the version decided: in each span from its first decision to its last, in days."""
    chosen = pc.and_(pc.equal(table.column(OF), pa.scalar(TRIED)), pc.equal(table.column(WHAT), pa.scalar(DECIDED)))
    mine = table.filter(chosen).select([SPAN, "at"])
    if not mine.num_rows:
        return 0.0
    spans = mine.group_by(SPAN).aggregate([("at", "min"), ("at", "max")]).to_pylist()
    return float(sum((row["at_max"] - row["at_min"]).total_seconds() for row in spans)) / 86_400
