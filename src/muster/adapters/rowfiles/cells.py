"""Cells: Arrow columns as numpy arrays and coded columns; what cannot be read is a fault of its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.encoding.coded import Coded
from muster.records.data import Column, ColumnType

_WRITTEN: Final[Mapping[ColumnType, tuple[str, Any, str]]] = {
    ColumnType.INTEGER: (r"^-?\d{1,18}$", pa.int64(), "an integer"),
    ColumnType.NUMBER: (r"^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$", pa.float64(), "a number"),
}
"""How numbers are written in text, what they become, and what they are called."""


def is_text(kind: Any) -> bool:
    """Tell whether a type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def categories(values: Any) -> Coded:
    """Return a column of text, each different one once."""
    if not pa.types.is_dictionary(values.type):
        values = pc.dictionary_encode(pc.cast(values, pa.string()))
    names = values.dictionary.to_pylist()
    codes = values.indices
    if codes.null_count:
        codes = pc.fill_null(pc.cast(codes, pa.int32()), len(names))
        names.append(None)
    return Coded(tuple(names), codes.to_numpy(zero_copy_only=False).astype(np.int32, copy=False))


def plain(values: Any) -> Any:
    """Return a column of numbers: integers as they are, unless one is missing; floats with NaN for what is missing."""
    return values.to_numpy(zero_copy_only=False)


def numbers(values: Any, column: Column, faults: dict[int, str]) -> Any:
    """Read a column of text as numbers; rows of which that cannot be done are told, and hold nothing."""
    pattern, kind, called = _WRITTEN[column.type]
    try:
        found = pc.cast(values, kind)
    except pa.ArrowInvalid:
        found = None
    # Arrow reads nan and inf as numbers, which nobody writes who means one.
    if found is not None and (kind == pa.int64() or pc.all(pc.is_finite(found)).as_py() is not False):
        return found
    good = pc.match_substring_regex(values, pattern)
    good = good.fill_null(pa.scalar(value=True))
    wrong = np.flatnonzero(~good.to_numpy(zero_copy_only=False))
    for row in wrong.tolist():
        faults.setdefault(row, f"column {column.name}: expected {called}")
    return pc.cast(pc.if_else(good, values, pa.scalar(None, pa.string())), kind)
