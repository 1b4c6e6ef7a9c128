"""Joined: one tensor of all columns, in the order of the model's inputs, taken apart without a cast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.guards.guard import Rows
from muster.records.data import Column, ColumnType


def split(values: Any, datatype: str, size: int, columns: Sequence[Column]) -> Rows:
    """Return the columns of a tensor of shape (size, columns).

    Parameters
    ----------
    values
        All of them, row by row: a list, or an array of numbers.

    Raises
    ------
    ValueError
        If the model has inputs that are no numbers, or a fraction stands where a whole number must be.
    """
    if any(column.type is ColumnType.CATEGORY for column in columns):
        msg = "inputs[0]: some of the model's inputs are no numbers: send one tensor a column"
        raise ValueError(msg)
    width = len(columns)
    floats = datatype.startswith("FP")
    parts, kinds = {}, {}
    for place, column in enumerate(columns):
        part = values[place::width]
        whole = floats and column.type is ColumnType.INTEGER
        if whole:
            part = _whole(part, column.name)
        parts[column.name], kinds[column.name] = part, "INT64" if whole else datatype
    return Rows(size, parts, kinds)


def _whole(values: Any, name: str) -> Any:
    """Return whole numbers that came as float64 as what they are."""
    if isinstance(values, list):
        for row, value in enumerate(values):
            if value is not None and not float(value).is_integer():
                _refuse(name, row)
        return [None if value is None else int(value) for value in values]
    return _whole_array(values, name)


def _whole_array(values: NDArray[np.float64], name: str) -> NDArray[Any]:
    missing = np.isnan(values)
    wrong = (np.floor(values) != values) & ~missing
    if wrong.any():
        _refuse(name, int(wrong.argmax()))
    # Beyond 2**53 the guards refuse them as they are: an int64 would hold another number.
    return values if missing.any() or (np.abs(values) >= 2**53).any() else values.astype(np.int64)


def _refuse(name: str, row: int) -> None:
    msg = f"inputs[0], column {name}, row {row}: expected a whole number"
    raise ValueError(msg)
