"""Arrays: columns of any of our kinds as Arrow arrays, without a Python object a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.encoding.coded import Coded


def array_of(values: Any, size: int, kind: pa.DataType) -> pa.Array[Any]:
    """Return a column as an Arrow array.

    Parameters
    ----------
    values
        One value for all rows; a numpy array, in which NaN stands for what is missing and the rows of a matrix of bytes
        are texts; categories as ``Coded``; or a list of texts of those rows that have one, by row.
    size
        Number of rows.
    kind
        What the column is to hold.
    """
    if isinstance(values, Coded):
        return _coded(values, kind)
    if isinstance(values, Mapping):
        return _lists(values, size, kind)
    if not isinstance(values, np.ndarray):
        one: Any = pa.scalar(values, kind)
        repeated: pa.Array[Any] = pa.repeat(one, size)
        return repeated
    if values.ndim == 2:
        return _texts(values)
    if values.dtype.kind == "f":
        numbers: pa.Array[Any] = pc.cast(pa.array(values, from_pandas=True), kind)
        return numbers
    return pa.array(values).cast(kind)


def _coded(values: Coded, kind: Any) -> pa.Array[Any]:
    names: list[Any] = [None if name is None else name for name in values.names]
    if pa.types.is_dictionary(kind):
        nothing = np.array([name is None for name in names], np.bool_)[values.codes]
        codes = pa.array(values.codes, kind.index_type, mask=nothing)
        return pa.DictionaryArray.from_arrays(codes, pa.array([name or "" for name in names], kind.value_type))
    taken: pa.Array[Any] = pa.array(names, kind).take(pa.array(values.codes, pa.int32()))
    return taken


def _texts(values: Any) -> pa.Array[Any]:
    rows, width = values.shape
    offsets: Any = np.arange(0, (rows + 1) * width, width, dtype=np.int32)
    letters: Any = np.ascontiguousarray(values)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(letters))


def _lists(values: Mapping[int, Sequence[str]], size: int, kind: Any) -> pa.Array[Any]:
    counts = np.zeros(size + 1, np.int32)
    joined: list[str] = []
    for row in sorted(values):
        counts[row + 1] = len(values[row])
        joined.extend(values[row])
    ends: Any = pa.array(np.cumsum(counts, dtype=np.int32))
    lists: pa.Array[Any] = pa.ListArray.from_arrays(ends, pa.array(joined, kind.value_type))
    return lists
