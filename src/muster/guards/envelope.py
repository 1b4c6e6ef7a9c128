"""Guard: numbers outside the range that the model was trained on; it may answer, but nobody has seen it do so."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from muster.columns.many.dense import Layout, dense_of, layout_of
from muster.columns.row.limits import Span
from muster.guards.guard import Context, Event, Outcome, Rows, Ruling
from muster.guards.plain import Bounds
from muster.guards.values import outside
from muster.records.data import ColumnType


class Envelope:
    """Mark rows outside the training range, or refuse them where the policy says so."""

    name = "envelope"
    judges = Rows

    def __init__(self) -> None:
        self._ranges: tuple[tuple[str, float, float], ...] = ()
        self._strict = False
        self._layout: Layout = layout_of(())
        self._places: dict[str, int] = {}
        self._allow = Ruling(self.name, Outcome.ALLOW)

    def open(self, context: Context) -> None:
        """Take the ranges; raise ValueError where one is empty or the policy's word is not understood."""
        if context.outside_range not in ("flag", "refuse"):
            msg = f"outside_range is {context.outside_range!r}: it must be flag or refuse"
            raise ValueError(msg)
        self._strict = context.outside_range == "refuse"
        self._ranges = tuple(
            (
                column.name,
                -inf if column.minimum is None else column.minimum,
                inf if column.maximum is None else column.maximum,
            )
            for column in context.columns
            if column.type is not ColumnType.CATEGORY and (column.minimum, column.maximum) != (None, None)
        )
        for name, low, high in self._ranges:
            if not low <= high:
                msg = f"column {name}: its training range {low} to {high} is empty"
                raise ValueError(msg)
        self._layout = layout_of(context.columns)
        self._places = {name: at for at, name in enumerate(self._layout.numbers)}

    def feed(self, event: Event) -> Ruling | None:
        """Hold every number against its column's range; missing values are the schema's business."""
        if not isinstance(event, Rows):
            return None
        flags: dict[int, list[str]] = {}
        for name, rows in self._outside(event):
            for row in rows:
                if self._strict:
                    return Ruling(self.name, Outcome.REFUSE, f"column {name}, row {row}: outside the training range")
                flags.setdefault(row, []).append(f"outside-range:{name}")
        return Ruling(self.name, Outcome.FLAG, "outside the training range", flags) if flags else self._allow

    def _outside(self, event: Rows) -> Iterator[tuple[str, list[int]]]:
        """Yield the columns that have numbers outside their range, with the rows of these."""
        dense = dense_of(event.columns, self._layout)
        for name, low, high in self._ranges:
            if dense is None:
                values = event.columns[name]
                if len(values) == 1 and values[0] is not None and low <= values[0] <= high:
                    continue  # the usual request: one row, within range
                yield name, outside(values, low, high)
                continue
            at = self._places[name]
            if dense.low[at] < low or dense.high[at] > high:
                yield name, outside(dense.numbers[at], low, high)

    def narrow(self, bounds: Bounds) -> bool:
        """Allow numbers within range."""
        for name, low, high in self._ranges:
            if name not in bounds.numbers:
                return False
            least, most, nullable = bounds.numbers[name]
            bounds.numbers[name] = Span(max(least, low), min(most, high), nullable)
        return True

    def close(self) -> None:
        """Nothing is remembered."""
