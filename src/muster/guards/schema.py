"""Guard: rows are exactly what the model was trained on: columns, types, nulls, categories; nothing is cast silently.

Model servers are known to cut 67.5 to 67, to read true as 1 and "67" as 67, and to score an unknown category as if
there were none. Here each of them is refused, with the column and the row, never the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.coded import Coded
from muster.columns.many.dense import Layout, dense_of, layout_of
from muster.columns.row.limits import Span
from muster.guards.guard import Context, Event, Outcome, Rows, Ruling
from muster.guards.plain import Bounds
from muster.records.data import Column, ColumnType

_INTEGERS = frozenset(f"{sign}{bits}" for sign in ("INT", "UINT") for bits in (8, 16, 32, 64))

DATATYPES = {
    ColumnType.NUMBER: frozenset({"FP64", "FP32", "FP16"}) | _INTEGERS,
    ColumnType.INTEGER: _INTEGERS,
    ColumnType.CATEGORY: frozenset({"BYTES"}),
}
"""Datatypes of the Open Inference Protocol that hold a column's values without loss."""

_WANTED = {
    ColumnType.NUMBER: "FP64, FP32, or integers such as INT64",
    ColumnType.INTEGER: "integers such as INT64",
    ColumnType.CATEGORY: "BYTES",
}

NATURAL = {ColumnType.NUMBER: "FP64", ColumnType.INTEGER: "INT64", ColumnType.CATEGORY: "BYTES"}
"""Datatype of a column whose values are of its type."""

_EXACT = 2**53 - 1

_SPAN = {f"INT{bits}": 2 ** min(bits - 1, 53) - 1 for bits in (8, 16, 32, 64)} | {
    f"UINT{bits}": 2 ** min(bits, 53) - 1 for bits in (8, 16, 32, 64)
}
"""Largest magnitude taken; beyond 2**53, neighbouring integers share one float64, which is what models compute with."""


@dataclass(frozen=True, slots=True)
class _Demand:
    name: str
    type: ColumnType
    datatypes: frozenset[str]
    nullable: bool
    known: frozenset[str]


class Schema:
    """Refuse rows that are not what the model's inputs say; mark or refuse unknown categories, as the policy says."""

    name = "schema"
    judges = Rows

    def __init__(self) -> None:
        self._demands: tuple[_Demand, ...] = ()
        self._names: frozenset[str] = frozenset()
        self._strict = True
        self._natural: dict[str, str] = {}
        self._usual: tuple[tuple[str, frozenset[str]], ...] = ()
        self._layout: Layout = layout_of(())
        self._allow = Ruling(self.name, Outcome.ALLOW)

    def open(self, context: Context) -> None:
        """Take the model's inputs; raise ValueError if there are none, or the policy's word is not understood."""
        if context.unknown_category not in ("refuse", "unknown"):
            msg = f"unknown_category is {context.unknown_category!r}: it must be refuse or unknown"
            raise ValueError(msg)
        if not context.columns:
            msg = "the model names no inputs: there is nothing to hold requests against"
            raise ValueError(msg)
        self._demands = tuple(_demand(column) for column in context.columns)
        self._names = frozenset(column.name for column in context.columns)
        self._strict = context.unknown_category == "refuse"
        self._natural = {column.name: NATURAL[column.type] for column in context.columns}
        self._usual = tuple((demand.name, demand.known) for demand in self._demands)
        self._layout = layout_of(context.columns)

    def feed(self, event: Event) -> Ruling | None:
        """Judge the columns, then the values in each."""
        if not isinstance(event, Rows):
            return None
        if event.size == 1 and event.datatypes == self._natural and self._is_usual(event.columns):
            return self._allow
        if event.datatypes == self._natural and dense_of(event.columns, self._layout) is not None:
            return self._allow  # that form has no other values than those that are allowed
        if event.columns.keys() != self._names:
            return self._refuse(self._misfit(event))
        flags: dict[int, list[str]] = {}
        for demand in self._demands:
            if fault := self._fault(demand, event, flags):
                return self._refuse(fault)
        return Ruling(self.name, Outcome.FLAG, "unknown category", flags) if flags else self._allow

    def narrow(self, bounds: Bounds) -> bool:
        """Allow known categories, and numbers that a float64 keeps exactly."""
        for demand in self._demands:
            if demand.known:
                bounds.categories[demand.name] = demand.known | {None} if demand.nullable else demand.known
            else:
                bounds.numbers[demand.name] = Span(1 - _EXACT, _EXACT - 1, demand.nullable)
        return True

    def close(self) -> None:
        """Nothing is remembered."""

    def _fault(self, demand: _Demand, event: Rows, flags: dict[int, list[str]]) -> str:
        """Say what is wrong with one column, or nothing; mark what may be unknown."""
        values = event.columns[demand.name]
        if demand.known and isinstance(values, np.ndarray):
            values = values.tolist()
        fault = _fault(demand, event.datatypes[demand.name], values)
        # Nearly always every value is a known category, which a set tells at once.
        if not fault and demand.known and not demand.known.issuperset(_different(values)):
            fault = self._unfamiliar(demand, values, flags)
        return fault

    def _is_usual(self, columns: Mapping[str, Any]) -> bool:
        """Tell whether the only row is beyond doubt; any other goes the long way, which knows every case."""
        if len(columns) != len(self._usual):
            return False
        for name, known in self._usual:
            values = columns.get(name)
            if type(values) is not list or (value := values[0]) is None:
                return False
            if not (value in known if known else -_EXACT < value < _EXACT):
                return False
        return True

    def _refuse(self, reason: str) -> Ruling:
        return Ruling(self.name, Outcome.REFUSE, reason)

    def _unfamiliar(self, demand: _Demand, values: Sequence[Any], flags: dict[int, list[str]]) -> str:
        """Refuse the first unknown category, or mark all of them; a missing value was judged before."""
        unknown = _strange(demand.known, values)
        if unknown and self._strict:
            return f"column {demand.name}, row {unknown[0]}: unknown category"
        if (odd := next((row for row in unknown if not _is_text(values[row])), None)) is not None:
            return f"column {demand.name}, row {odd}: it is no text in UTF-8"
        for row in unknown:
            flags.setdefault(row, []).append(f"unknown-category:{demand.name}")
        return ""

    def _misfit(self, rows: Rows) -> str:
        names = ", ".join(demand.name for demand in self._demands)
        missing = [demand.name for demand in self._demands if demand.name not in rows.columns]
        if missing:
            return f"missing input {', '.join(missing)}; the model takes {names}"
        # Foreign names are counted, not repeated: where a table came without its header, they are values.
        return f"{len(rows.columns.keys() - self._names)} inputs are not the model's, which takes {names}"


def _demand(column: Column) -> _Demand:
    if column.type is ColumnType.CATEGORY and not column.categories:
        msg = f"category column {column.name} has no list of categories: unknown ones could not be told"
        raise ValueError(msg)
    known = frozenset(column.categories) if column.type is ColumnType.CATEGORY else frozenset()
    return _Demand(column.name, column.type, DATATYPES[column.type], column.nullable, known)


def _fault(demand: _Demand, datatype: str, values: Any) -> str:
    """Say what is wrong with one column's values, or nothing; categories are judged by the caller."""
    if datatype not in demand.datatypes:
        return (
            f"column {demand.name} holds {demand.type.value} values: send {_WANTED[demand.type]}; nothing is converted"
        )
    if isinstance(values, np.ndarray):
        return _array_fault(demand, datatype, values)
    if isinstance(values, Coded):
        return _coded_fault(demand, values)
    present = values
    if None in values:
        if not demand.nullable:
            return _gone(demand, values.index(None))
        present = [value for value in values if value is not None]
    return "" if demand.known or not present else _number_fault(demand, datatype, values, present)


def _number_fault(demand: _Demand, datatype: str, values: Sequence[Any], present: Sequence[Any]) -> str:
    span = _SPAN.get(datatype)
    if span is None:
        with suppress(OverflowError):
            return "" if all(map(isfinite, present)) else _place(demand, values, _is_finite, "is not finite")
        return _place(demand, values, _is_finite, "is not finite")
    if -span <= min(present) and max(present) <= span:
        return ""
    return _place(demand, values, lambda value: -span <= value <= span, "is too large to be kept exactly")


def _is_finite(value: float) -> bool:
    """Tell it of a number; a whole one beyond the largest float is none that a model could compute with."""
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _different(values: Any) -> Any:
    return values.names if isinstance(values, Coded) else values


def _strange(known: frozenset[str], values: Any) -> list[int]:
    """Return the rows that hold neither a known category nor nothing."""
    if isinstance(values, Coded):
        return np.flatnonzero(~values.holding({*known, None})).tolist()
    return [row for row, value in enumerate(values) if value is not None and value not in known]


def _is_text(value: str) -> bool:
    """Tell whether a text can be written down: half of a surrogate pair, which some readers of JSON take, cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _coded_fault(demand: _Demand, values: Coded) -> str:
    gone = np.zeros(0, np.bool_) if demand.nullable or None not in values.names else values.holding((None,))
    return _gone(demand, int(gone.argmax())) if gone.any() else ""


def _gone(demand: _Demand, row: int) -> str:
    return f"column {demand.name}, row {row}: a value is missing, and the model takes none missing"


def _array_fault(demand: _Demand, datatype: str, values: NDArray[Any]) -> str:
    """Say what is wrong with an array of numbers, in the same words; NaN stands for what is missing."""
    if values.dtype.kind not in "fiu":
        return f"column {demand.name} holds {demand.type.value} values: send numbers"
    if values.dtype.kind == "f":
        gone = np.isnan(values)
        if gone.any() and not demand.nullable:
            return _gone(demand, int(gone.argmax()))
        wrong, what = np.isinf(values), "is not finite"
        if datatype in _SPAN and not wrong.any():  # integers, some of them missing
            wrong, what = np.abs(values) > _SPAN[datatype], "is too large to be kept exactly"
    else:
        span = _SPAN.get(datatype, 2**53 - 1)
        wrong, what = (values > span) | (values < -span), "is too large to be kept exactly"
    return f"column {demand.name}, row {wrong.argmax()}: {what}" if wrong.any() else ""


def _place(demand: _Demand, values: Sequence[Any], right: Callable[[Any], bool], what: str) -> str:
    row = next(row for row, value in enumerate(values) if value is not None and not right(value))
    return f"column {demand.name}, row {row}: {what}"
