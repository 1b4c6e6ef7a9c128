"""Rows as codes: equal rows get equal numbers, so that duplicates are counted without looking at a row in Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.arrow import Integers, column_of, is_number, texts


def row_codes(tables: Sequence[pa.Table], names: Sequence[str]) -> list[Integers]:
    """Return for each table a code a row, shape (rows,): equal codes where all named columns are equal, exactly.

    Numbers are equal by value whatever their type; null and NaN are equal to each other and to nothing else. Time is
    O(columns * rows log rows), memory 24 bytes a row beside one column.

    Raises
    ------
    ValueError
        If no column is named, or a table lacks one.
    """
    if not names:
        msg = "rows are compared by columns, and none is named"
        raise ValueError(msg)
    for table in tables:
        for name in names:
            column_of(table, name)
    codes = np.zeros(sum(table.num_rows for table in tables), dtype=np.int64)
    for name in names:
        if codes.size and int(codes.max()) + 1 == codes.size:
            break  # all rows differ already: no further column can make two of them equal
        # Both factors are at most the number of rows, so that the product fits 64 bits up to three billion rows.
        places, different = _places(tables, name)
        codes = np.unique(codes * different + places, return_inverse=True)[1].astype(np.int64)
    cuts = np.cumsum([table.num_rows for table in tables])[:-1]
    return np.split(codes, cuts)


def _places(tables: Sequence[pa.Table], name: str) -> tuple[Integers, int]:
    parts = [_comparable(table, name) for table in tables]
    if len({part.type for part in parts}) > 1:
        parts = [texts(pa.table({name: part}), name) for part in parts]
    whole: Any = pa.chunked_array([chunk for part in parts for chunk in part.chunks], parts[0].type)
    encoded: Any = pc.dictionary_encode(whole.combine_chunks(), null_encoding="encode")
    places = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    return places, max(len(encoded.dictionary), 1)


def _comparable(table: pa.Table, name: str) -> pa.ChunkedArray[Any]:
    column = column_of(table, name)
    if pa.types.is_temporal(column.type):
        return column
    if not is_number(column.type):
        return texts(table, name)
    if pa.types.is_integer(column.type):
        return _as_integers(column)
    # Adding 0 makes -0.0 what it equals.
    numbers: Any = pc.add(pc.cast(column, pa.float64(), safe=False), 0.0)
    whole: pa.ChunkedArray[Any] = pc.if_else(pc.is_nan(numbers), pa.scalar(None, pa.float64()), numbers)
    return whole


def _as_integers(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """Write whole numbers as the floats that equal them, where every one has such a float."""
    exact = 2**53
    least, most = (pc.fill_null(limit, 0).as_py() for limit in (pc.min(column), pc.max(column)))
    return pc.cast(column, pa.float64()) if -exact <= least and most <= exact else pc.cast(column, pa.string())
