"""Values: raw columns of any kind, as numbers or a list of texts; nothing is cast silently.

Text in a column of numbers, 67.5 in a column of integers, a boolean, an infinity or a null where none may be is an
error that names the column and the row, and never repeats the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.coded import Coded

EXACT: Final = 2**53
"""Beyond this, neighbouring integers share one float64."""

NUMBERS: Final = frozenset({int, float, type(None)})
_SCALARS: Final = (np.float64, np.float32, np.float16, np.integer)


class Number(NamedTuple):
    """A column of numbers: which it is, what it may hold, and how it is scaled."""

    name: str
    place: int
    integer: bool
    nullable: bool
    fill: float | None
    mean: float
    scale: float


def numbers_of(step: Number, values: Any) -> NDArray[np.float64]:
    """Return a column as float64 with NaN for null, or with what null becomes.

    Raises
    ------
    ValueError
        Where a value is not what the column may hold; names the column and the row.
    """
    array = _from_list(step, values) if isinstance(values, (list, tuple)) else _from_array(step, values)
    null = np.isnan(array)
    if null.any():
        if not step.nullable:
            refuse(step.name, int(null.argmax()), "no value, and the column does not allow null")
        if step.fill is not None:
            array = np.where(null, step.fill, array)
    _check_finite(step, array, null)
    return array


def refuse(name: str, row: int, what: str) -> None:
    """Raise ValueError that names column and row, never the value."""
    msg = f"column {name!r}, row {row}: {what}"
    raise ValueError(msg)


def listed(values: Any, name: str) -> list[Any]:
    """Return any kind of column of categories as a list of plain Python values."""
    if isinstance(values, Coded):
        return values.tolist()
    if hasattr(values, "to_pylist"):  # Arrow
        return list(values.to_pylist())
    if not isinstance(values, np.ndarray):
        return list(values)
    if values.ndim != 1:
        msg = f"column {name!r}: expected one value a row, got an array of shape {values.shape}"
        raise ValueError(msg)
    return list(values.tolist())


def _check_finite(step: Number, array: NDArray[np.float64], null: NDArray[np.bool_]) -> None:
    if (wrong := np.isinf(array)).any():
        refuse(step.name, int(wrong.argmax()), "an infinite number")
    if not step.integer:
        return
    if (wrong := (np.floor(array) != array) & ~null).any():
        refuse(step.name, int(wrong.argmax()), "expected an integer, got a fraction")
    if (wrong := (np.abs(array) >= EXACT) & ~null).any():
        refuse(step.name, int(wrong.argmax()), "an integer beyond 2**53, which float64 cannot hold exactly")


def _from_list(step: Number, values: Sequence[Any]) -> NDArray[np.float64]:
    kinds = set(map(type, values))
    if not kinds <= NUMBERS:
        row = next(row for row, value in enumerate(values) if type(value) not in NUMBERS)
        if not isinstance(values[row], _SCALARS):
            refuse(step.name, row, f"expected a number, got {type(values[row]).__name__}")
        return _from_list(step, [value.item() if isinstance(value, np.generic) else value for value in values])
    try:
        array = np.array(values, dtype=np.float64)  # None becomes NaN
    except OverflowError:
        array = np.full(len(values), np.inf)
    if int in kinds:
        _check_exact(step, values, np.flatnonzero(np.abs(array) >= EXACT).tolist())
    return array


def _check_exact(step: Number, values: Sequence[Any], large: list[int]) -> None:
    for row in large:
        if type(values[row]) is int and not -EXACT < values[row] < EXACT:
            refuse(step.name, row, "an integer beyond 2**53, which float64 cannot hold exactly")


def _from_array(step: Number, values: Any) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.ndim != 1:
        msg = f"column {step.name!r}: expected one value a row, got an array of shape {array.shape}"
        raise ValueError(msg)
    if array.dtype.kind == "O":
        return _from_list(step, array.tolist())
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        msg = f"column {step.name!r}: expected numbers, got an array of {array.dtype}"
        raise ValueError(msg)
    if array.dtype.kind in "iu" and (wrong := (array >= EXACT) | (array <= -EXACT)).any():
        refuse(step.name, int(wrong.argmax()), "an integer beyond 2**53, which float64 cannot hold exactly")
    return array.astype(np.float64, copy=False)
