"""Guard: numbers outside the range that the model was trained on; it may answer, but nobody has seen it do so."""

from __future__ import annotations

from math import inf

from muster.guards.guard import Context, Event, Outcome, Rows, Ruling
from muster.guards.values import outside
from muster.records.data import ColumnType


class Envelope:
    """Mark rows outside the training range, or refuse them where the policy says so."""

    name = "envelope"
    judges = Rows

    def __init__(self) -> None:
        self._ranges: tuple[tuple[str, float, float], ...] = ()
        self._strict = False
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

    def feed(self, event: Event) -> Ruling | None:
        """Hold every number against its column's range; missing values are the schema's business."""
        if not isinstance(event, Rows):
            return None
        flags: dict[int, list[str]] = {}
        for name, low, high in self._ranges:
            values = event.columns[name]
            if len(values) == 1 and values[0] is not None and low <= values[0] <= high:
                continue  # the usual request: one row, within range
            for row in outside(values, low, high):
                if self._strict:
                    return Ruling(self.name, Outcome.REFUSE, f"column {name}, row {row}: outside the training range")
                flags.setdefault(row, []).append(f"outside-range:{name}")
        return Ruling(self.name, Outcome.FLAG, "outside the training range", flags) if flags else self._allow

    def close(self) -> None:
        """Nothing is remembered."""
