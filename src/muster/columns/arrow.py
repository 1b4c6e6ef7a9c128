"""Arrow columns as NumPy arrays: zero copy where Arrow allows it, clear errors where a column is not what is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]
Texts: TypeAlias = "pa.ChunkedArray[Any]"

NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
"""How numbers are written in text."""


def table_of(data: Any) -> pa.Table:
    """Return the data as an Arrow table, without copying.

    Parameters
    ----------
    data
        A ``pyarrow.Table`` or anything that speaks the Arrow PyCapsule protocol as a stream or as a struct array.

    Raises
    ------
    ValueError
        If it is none of these, or if a column name occurs twice.
    """
    if isinstance(data, pa.Table):
        table = data
    elif hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        table = pa.table(data)
    else:
        msg = f"expected Arrow data (a table, batch or stream), got {type(data).__name__}"
        raise ValueError(msg)
    names = table.column_names
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        msg = f"column {', '.join(twice)} occurs more than once: rename or drop the copies"
        raise ValueError(msg)
    return table


def column_of(table: pa.Table, name: str) -> pa.ChunkedArray[Any]:
    """Return one column; raise ValueError naming the columns that exist if there is none of that name."""
    if name not in table.column_names:
        msg = f"there is no column {name!r}; the columns are {', '.join(table.column_names)}"
        raise ValueError(msg)
    return table.column(name)


def is_number(kind: pa.DataType) -> bool:
    """Say whether an Arrow type holds numbers (booleans do not count as such)."""
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def floats(table: pa.Table, name: str) -> Floats:
    """Return a numeric or boolean column as float64, shape (rows,), nulls as NaN; raise ValueError for other types.

    A float64 column in one chunk without nulls is a view on the Arrow buffer.
    """
    column = column_of(table, name)
    if not (is_number(column.type) or pa.types.is_boolean(column.type)):
        msg = f"column {name!r} holds {column.type}: numbers are needed here{_no_number(column)}"
        raise ValueError(msg)
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    column = pc.cast(column, pa.float64(), safe=False)
    single = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return np.asarray(single.to_numpy(zero_copy_only=False), dtype=np.float64)


def _no_number(column: pa.ChunkedArray[Any]) -> str:
    """Say which row of a column of text is the first without a number; never what it holds, which may be personal."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return ""
    found = pc.or_kleene(pc.is_null(column), pc.match_substring_regex(column, NUMBER))
    wrong = ~np.asarray(found.to_numpy(), dtype=np.bool_)
    if not wrong.any():
        return ", and it holds nothing else: write them as numbers"
    return f", and row {first(wrong)} (rows count from 0; {np.count_nonzero(wrong)} such) holds none"


def missing(table: pa.Table, name: str) -> Bools:
    """Return True for each row whose value is null or NaN, shape (rows,)."""
    column = column_of(table, name)
    return np.asarray(pc.is_null(column, nan_is_null=pa.types.is_floating(column.type)).to_numpy(), dtype=np.bool_)


def texts(table: pa.Table, name: str) -> Texts:
    """Return a column of text, integers or booleans as text, nulls (and NaN) kept as nulls."""
    column = column_of(table, name)
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, column.type.value_type)
    if pa.types.is_nested(column.type):
        msg = f"column {name!r} holds {column.type}: one plain value a row is needed here"
        raise ValueError(msg)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return pc.cast(column, pa.string())


def places_of(values: Texts, names: Sequence[str]) -> NDArray[np.int32]:
    """Return the place of each text in ``names``, or ``len(names)`` where it is missing or not among them."""
    found: Any = pc.index_in(values, value_set=pa.array(names, pa.string()))
    return np.asarray(pc.fill_null(found, len(names)).to_numpy(), dtype=np.int32)


def first(mask: Bools) -> int:
    """Return the place of the first True, counting from 0; the mask must hold one."""
    return int(np.argmax(mask))


def equal(table: pa.Table, name: str, value: int | str) -> Bools:
    """Return where a column holds a value, whatever its type, shape (rows,); raise ValueError without such a column."""
    column = column_of(table, name)
    if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        same = pc.equal(pc.cast(column, pa.float64(), safe=False), pa.scalar(float(value)))
    elif pa.types.is_integer(column.type) and isinstance(value, int):
        same = pc.equal(column, pa.scalar(value, pa.int64()))
    elif pa.types.is_boolean(column.type):
        same = pc.equal(column, pa.scalar(str(value).lower() in {"1", "true"}))
    else:
        same = pc.equal(texts(table, name), pa.scalar(str(value)))
    return np.asarray(same.to_numpy(), dtype=np.bool_)
