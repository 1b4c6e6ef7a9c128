"""Moments: a column that says when, as numbers in order, whether it holds dates, ISO text, or plain years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.arrow import Floats, column_of, first, floats, is_number, missing, texts


def moments(table: pa.Table, name: str) -> Floats:
    """Return when each row is, shape (rows,), as a number that grows with time; NaN where it is missing.

    Dates and timestamps, also as ISO 8601 text, become seconds since 1970; numbers, such as years, stay as they are.

    Raises
    ------
    ValueError
        If the column is absent or holds text that is not a date, naming the row.
    """
    column = column_of(table, name)
    if is_number(column.type):
        return floats(table, name)
    if not (pa.types.is_date(column.type) or pa.types.is_timestamp(column.type)):
        column = _parsed(table, name)
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = pc.cast(column, pa.timestamp("us", "UTC"))
    micros: Any = pc.cast(pc.cast(column, pa.timestamp("us"), safe=False), pa.int64())
    seconds: Any = pc.divide(pc.cast(micros, pa.float64(), safe=False), 1e6)
    return np.asarray(seconds.to_numpy(), dtype=np.float64)


def written(table: pa.Table, name: str, row: int) -> str:
    """Return when one row is, as people write it: the date, or the value as it stands."""
    value = column_of(table, name)[row].as_py()
    return str(value.date() if hasattr(value, "date") else value)


def _parsed(table: pa.Table, name: str) -> pa.ChunkedArray[Any]:
    plain = texts(table, name)
    absent = missing(table, name)
    day: Any = pc.match_substring_regex(plain, r"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?$")
    wrong = np.asarray(pc.invert(day).to_numpy(), dtype=np.bool_) & ~absent
    if wrong.any():
        msg = f"column {name!r} is no date in row {first(wrong)} (rows count from 0): write dates as 2026-11-23"
        raise ValueError(msg)
    try:
        return pc.cast(plain, pa.timestamp("us"))
    except pa.ArrowInvalid as problem:
        msg = f"column {name!r} holds a date that is none: {problem}"
        raise ValueError(msg) from None
