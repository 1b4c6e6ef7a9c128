"""Dense: columns that were read as lists, once more as two arrays, which guards, encoder and log then share.

What concerns many rows takes a few steps of numpy for all columns then, not a few for each. Only what is plain has this
form; anything else stays a list, and goes the way that knows every case and names the row that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.coded import Coded
from muster.columns.encoding.values import EXACT
from muster.records.data import Column, ColumnType

FEW: Final = 32
"""Rows up to which it takes less to look at them one by one."""

_BYTE: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where columns are in the arrays. :func:`layout_of` makes it: equal columns share one, known by identity."""

    columns: tuple[Column, ...]
    numbers: tuple[str, ...]
    """Columns of numbers, in their order: the rows of ``Dense.numbers``."""
    categories: tuple[str, ...]
    """Columns of categories: the rows of ``Dense.codes``."""
    names: tuple[tuple[str | None, ...], ...]
    """What the codes of each column of categories stand for; None, for what is missing, is the last where it may be."""
    tables: tuple[Mapping[str | None, int], ...]
    """The same the other way round."""
    closed: NDArray[np.bool_]
    """Of each column of numbers whether none may be missing."""

    @property
    def wide(self) -> bool:
        """Whether a code can take more than a byte."""
        return any(len(each) > _BYTE for each in self.names)


@lru_cache(256)
def layout_of(columns: tuple[Column, ...]) -> Layout:
    """Return where these columns are in the arrays."""
    numbers = [column for column in columns if column.type is not ColumnType.CATEGORY]
    categories = [column for column in columns if column.type is ColumnType.CATEGORY]
    names = tuple((*column.categories, *((None,) if column.nullable else ())) for column in categories)
    return Layout(
        columns,
        tuple(column.name for column in numbers),
        tuple(column.name for column in categories),
        names,
        tuple({name: code for code, name in enumerate(each)} for each in names),
        np.array([not column.nullable for column in numbers], np.bool_),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """Columns as arrays: every number is missing or below 2**53 in size, every category is one of its column's."""

    layout: Layout
    numbers: NDArray[np.float64]
    """Shape (columns of numbers, rows); NaN where one is missing, in columns that may be null."""
    codes: NDArray[Any]
    """Which of the layout's names each row holds, shape (columns of categories, rows)."""
    low: list[float]
    """The smallest number of each column; NaN where all are missing."""
    high: list[float]
    gaps: bool
    """Whether any number is missing."""

    def columns(self) -> dict[str, NDArray[np.float64] | Coded]:
        """Return each column by its name."""
        layout = self.layout
        found: dict[str, NDArray[np.float64] | Coded] = dict(zip(layout.numbers, self.numbers, strict=True))
        found.update(zip(layout.categories, map(Coded, layout.names, self.codes), strict=True))
        return found


class Typed(dict[str, list[Any]]):
    """Columns of one request as lists, by name; their values were held against the columns' types as they were read.

    Parameters
    ----------
    layout
        Of all the columns.
    values
        One list a column, in the order of the layout's columns.
    """

    __slots__ = ("_dense", "_known", "layout")

    def __init__(self, layout: Layout, values: Iterable[list[Any]]) -> None:
        super().__init__(zip([column.name for column in layout.columns], values, strict=True))
        self.layout = layout
        self._known = False
        self._dense: Dense | None = None

    def dense(self) -> Dense | None:
        """Return the same as arrays; None where there are few rows, or a value is not plain."""
        if not self._known:
            self._dense, self._known = _dense(self.layout, self), True
        return self._dense


def dense_of(columns: Any, layout: Layout) -> Dense | None:
    """Return columns as arrays; None where they have no such form, or another layout."""
    return columns.dense() if type(columns) is Typed and columns.layout is layout else None


def _dense(layout: Layout, columns: Mapping[str, list[Any]]) -> Dense | None:
    rows = len(next(iter(columns.values()), ()))
    if rows <= FEW:
        return None
    try:
        numbers = np.array([columns[name] for name in layout.numbers], np.float64).reshape(-1, rows)
        codes = _codes(layout, [columns[name] for name in layout.categories]).reshape(-1, rows)
    except (KeyError, OverflowError):  # an unknown category, or a number that no float64 can hold
        return None
    low, high = numbers.min(axis=1).tolist(), numbers.max(axis=1).tolist()
    if _within(low, high):
        return Dense(layout, numbers, codes, low, high, gaps=False)
    missing = np.isnan(numbers).any(axis=1)
    low, high = np.fmin.reduce(numbers, axis=1).tolist(), np.fmax.reduce(numbers, axis=1).tolist()
    present = [(least, most) for least, most in zip(low, high, strict=True) if least <= most]
    if (missing & layout.closed).any() or not _within(*zip(*present, strict=True)):
        return None
    return Dense(layout, numbers, codes, low, high, gaps=True)


def _within(low: Iterable[float] = (), high: Iterable[float] = ()) -> bool:
    """Tell whether all is below 2**53 in size; not so where one is NaN."""
    return all(map(float(-EXACT).__lt__, low)) and all(map(float(EXACT).__gt__, high))


def _codes(layout: Layout, columns: list[list[Any]]) -> NDArray[Any]:
    found = [itemgetter(*values)(table) for table, values in zip(layout.tables, columns, strict=True)]
    if layout.wide or not found:
        return np.array(found, np.int32)
    return np.frombuffer(b"".join(map(bytes, found)), np.uint8)
