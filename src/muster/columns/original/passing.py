"""Passing: rows on their way to a model that its own library runs, as strict as if they were encoded here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.columns.encoder import Unknown
from muster.columns.encoding.values import Number, listed, numbers_of, refuse
from muster.records.data import Column, ColumnType


class PassingEncoder:
    """Makes an Arrow table of raw columns; nothing is cast silently.

    Parameters
    ----------
    columns
        The model's inputs.
    unknown
        ``refuse`` raises on a category that its column does not name, where it names any; ``unknown`` passes it on.
    """

    def __init__(self, columns: Sequence[Column], unknown: Unknown = "refuse") -> None:
        self._columns: Final = tuple(columns)
        self._known: Final = {
            column.name: frozenset(column.categories) if unknown == "refuse" and column.categories else None
            for column in columns
        }

    def encode(self, columns: Mapping[str, Any]) -> pa.Table:
        """Return rows as a table; raise ValueError naming column and row where a value is not what it may be."""
        if missing := [column.name for column in self._columns if column.name not in columns]:
            msg = f"column {missing[0]!r} is missing: the model's inputs are {', '.join(self._known)}"
            raise ValueError(msg)
        lengths = {len(columns[column.name]) for column in self._columns}
        if len(lengths) > 1:
            msg = f"columns differ in length: {', '.join(map(str, sorted(lengths)))}"
            raise ValueError(msg)
        return pa.table({column.name: self._array(column, columns[column.name]) for column in self._columns})

    def _array(self, column: Column, values: Any) -> Any:
        if column.type is ColumnType.CATEGORY:
            return pa.array(self._texts(column, values), pa.string())
        integer = column.type is ColumnType.INTEGER
        step = Number(column.name, 0, integer, column.nullable, fill=None, mean=0.0, scale=1.0)
        numbers = numbers_of(step, values)
        null = np.isnan(numbers)
        if integer:
            return pa.array(np.where(null, 0.0, numbers).astype(np.int64), mask=null)
        return pa.array(numbers, mask=null)

    def _texts(self, column: Column, values: Any) -> list[str | None]:
        known = self._known[column.name]
        return [_text(column, known, row, value) for row, value in enumerate(listed(values, column.name))]


def _text(column: Column, known: frozenset[str] | None, row: int, value: Any) -> str | None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        if not column.nullable:
            refuse(column.name, row, "no value, and the column does not allow null")
        return None
    if not isinstance(value, str):
        refuse(column.name, row, f"expected text, got {type(value).__name__}")
    if known is not None and value not in known:
        refuse(column.name, row, "a category that the model was not trained on")
    return str(value)


@dataclass(frozen=True, slots=True)
class Answered:
    """Rows as they were passed on, and what the model answered: one score a row."""

    table: pa.Table
    scores: NDArray[np.float64]


def to_wire(table: pa.Table) -> bytes:
    """Write a table as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def from_wire(raw: bytes) -> pa.Table:
    """Read a table that :func:`to_wire` wrote; raise ValueError where it is none."""
    with pa.ipc.open_stream(pa.BufferReader(raw)) as reader:
        return reader.read_all()
