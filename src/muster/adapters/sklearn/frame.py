"""Arrow tables to the frames that scikit-learn pipelines read, with nothing cast silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from muster.records.data import Column, ColumnType


def frame(table: pa.Table, columns: Sequence[Column]) -> pd.DataFrame:
    """Return the columns as a frame: numbers as float64 with NaN for null, categories as text with None for null.

    Raises
    ------
    ValueError
        Where a column is missing, of another type, or null where it must not be; names the column and the row.
    """
    made: dict[str, Any] = {}
    for column in columns:
        if column.name not in table.column_names:
            msg = f"column {column.name!r} is missing: the table has {', '.join(table.column_names)}"
            raise ValueError(msg)
        values = table.column(column.name).combine_chunks()
        if values.null_count and not column.nullable:
            row = values.is_null().index(pa.scalar(value=True)).as_py()
            msg = f"column {column.name!r}, row {row}: no value, and the column does not allow null"
            raise ValueError(msg)
        made[column.name] = _texts(values, column) if column.type is ColumnType.CATEGORY else _numbers(values, column)
    return pd.DataFrame(made, copy=False)


def _texts(values: Any, column: Column) -> Any:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        msg = f"column {column.name!r}: expected text, got {values.type}; write its categories as text"
        raise ValueError(msg)
    return pd.Series(np.array(values.to_pylist(), dtype=object), dtype=object)


def _numbers(values: Any, column: Column) -> NDArray[np.float64]:
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        msg = f"column {column.name!r}: expected numbers, got {values.type}"
        raise ValueError(msg)
    try:
        numbers = values.cast(pa.float64()).to_numpy(zero_copy_only=False)  # safe: refuses integers that would round
    except pa.ArrowInvalid as error:
        msg = f"column {column.name!r}: an integer beyond 2**53, which float64 cannot hold exactly ({error})"
        raise ValueError(msg) from None
    wrong = np.isinf(numbers)
    if column.type is ColumnType.INTEGER:
        wrong |= np.floor(numbers) != np.where(np.isnan(numbers), 0, numbers)
        wrong &= ~np.isnan(numbers)
    if not column.nullable:
        wrong |= np.isnan(numbers)
    if wrong.any():
        kind = "an integer" if column.type is ColumnType.INTEGER else "a number"
        msg = f"column {column.name!r}, row {int(wrong.argmax())}: expected {kind}"
        raise ValueError(msg)
    return np.asarray(numbers, np.float64)


def target(table: pa.Table, name: str, positive: int | str) -> NDArray[np.int64]:
    """Return 1 where the target column equals ``positive`` and 0 elsewhere.

    Raises
    ------
    ValueError
        Where the column is missing, of another type than ``positive``, has nulls, or holds one class only.
    """
    if name not in table.column_names:
        msg = f"target column {name!r} is missing: the table has {', '.join(table.column_names)}"
        raise ValueError(msg)
    values: Any = table.column(name).combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if values.null_count:
        msg = f"target column {name!r} has {values.null_count} nulls: leave rows without an outcome out"
        raise ValueError(msg)
    if isinstance(positive, str) != (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        msg = (
            f"target column {name!r} is {values.type}, but the positive value {positive!r} is {type(positive).__name__}"
        )
        raise ValueError(msg)
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    found = pc.equal(values, pa.scalar(positive, values.type)).to_numpy(zero_copy_only=False).astype(np.int64)
    if not 0 < found.sum() < len(found):
        msg = f"target column {name!r}: {found.sum()} of {len(found)} rows are {positive!r}; a model needs both classes"
        raise ValueError(msg)
    return np.asarray(found, np.int64)


def table_of(rows: Mapping[str, Any], columns: Sequence[Column]) -> pa.Table:
    """Return rows given by column as an Arrow table with the types that the columns ask for."""
    types = {ColumnType.CATEGORY: pa.string(), ColumnType.NUMBER: pa.float64(), ColumnType.INTEGER: pa.int64()}
    return pa.table({c.name: pa.array(rows[c.name], types[c.type], from_pandas=True) for c in columns})


def rows_of(table: pa.Table, columns: Sequence[Column]) -> dict[str, NDArray[Any]]:
    """Return an Arrow table by column: numbers as float64 with NaN for null, categories as objects with None."""
    made = frame(table, columns)
    return {column.name: made[column.name].to_numpy() for column in columns}
