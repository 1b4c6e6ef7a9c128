"""Values: a column of a request as guards read it, whether it came as a list or as an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.coded import Coded


def absent(values: Any) -> NDArray[np.bool_]:
    """Return for each value whether it is missing: None, or NaN in an array of floats."""
    if isinstance(values, Coded):
        return values.holding((None,))
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        return np.asarray(np.isnan(values)) if values.dtype.kind == "f" else np.zeros(len(values), np.bool_)
    if None not in (values := values.tolist() if isinstance(values, np.ndarray) else values):
        return np.zeros(len(values), np.bool_)
    return np.asarray(texts(values) == None, np.bool_)  # noqa: E711 - compared one by one, with numpy


def floats(values: Any) -> NDArray[np.float64]:
    """Return numbers as float64, NaN where one is missing."""
    return np.asarray(values, np.float64)


def texts(values: Any) -> NDArray[np.object_]:
    """Return categories as objects."""
    if isinstance(values, Coded):
        return values.texts()
    return np.asarray(values, object)


def outside(values: Any, low: float, high: float) -> list[int]:
    """Return the rows whose number is outside; what is missing is not.

    Of a list, min and max run at C speed, and nearly always nothing more is needed.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind != "O":
        return np.flatnonzero((values < low) | (values > high)).tolist()
    return _outside(values, low, high)


def _outside(values: Sequence[Any], low: float, high: float) -> list[int]:
    present = [value for value in values if value is not None] if None in values else values
    if not len(present) or (low <= min(present) and max(present) <= high):
        return []
    return [row for row, value in enumerate(values) if value is not None and not low <= value <= high]
