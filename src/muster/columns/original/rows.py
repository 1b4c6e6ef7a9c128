"""Rows that a model cannot score: found by halves, so that a person is told which one and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Score = Callable[[pa.Table], NDArray[np.float64]]
"""Gives one score a row, or raises."""


@dataclass(frozen=True, slots=True)
class Unscored:
    """A row that a model does not score, and why; ``row`` counts from 0, and is None where it is no single row."""

    row: int | None
    reason: str

    def __str__(self) -> str:
        """Say which and why."""
        where = "the rows" if self.row is None else f"row {self.row} (rows count from 0)"
        return f"the model cannot score {where}: {self.reason}"


def scored(score: Score, table: pa.Table) -> NDArray[np.float64] | Unscored:
    """Return one probability a row, or the first row that has none.

    A model that throws, gives another number of scores, or something else than a probability has not scored the row.
    What a model throws is its own affair, so every error counts, except those of memory and of the network, which say
    nothing of a row. The reason may go into the ledger: values of the row that it repeats are taken out.
    """
    found = _tried(score, table)
    if not isinstance(found, Unscored):
        return found
    if found.row is not None or table.num_rows == 0:
        return found
    start, count = 0, table.num_rows
    while count > 1:
        half = count // 2
        if isinstance(_tried(score, table.slice(start, half)), Unscored):
            count = half
        else:
            start, count = start + half, count - half
    last = _tried(score, table.slice(start, count))
    return Unscored(start, _without(last.reason, table.slice(start, 1))) if isinstance(last, Unscored) else found


def _tried(score: Score, table: pa.Table) -> NDArray[np.float64] | Unscored:
    try:
        values = np.asarray(score(table), dtype=np.float64)
    except (MemoryError, ConnectionError, TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - a model may fail with any error, and that is a fact about it
        said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        return Unscored(None, " ".join(said.split())[:400])
    if values.shape != (table.num_rows,):
        return Unscored(None, f"it gave scores of the shape {values.shape} for {table.num_rows} rows")
    wrong = ~((values >= 0.0) & (values <= 1.0))
    if wrong.any():
        row = int(wrong.argmax())
        return Unscored(row, f"it gave {values[row]:g}, which is no probability")
    return values


def _without(reason: str, row: pa.Table) -> str:
    """Return the reason without the values of the row, however they are written."""
    values = [value for values in row.to_pylist()[0].values() for value in (values,) if value is not None]
    written = {form for value in values for form in (str(value), f"{value:g}" if isinstance(value, float) else "")}
    shown = sorted((re.escape(form) for form in written if form), key=len, reverse=True)
    return re.sub(rf"(?<![\w.])(?:{'|'.join(shown)})(?![\w.]*\w)", "(value)", reason) if shown else reason
