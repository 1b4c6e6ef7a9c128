"""Filling: a matrix from columns as arrays, all numbers at once and all categories at once, to the encoder's bits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.placed import PlacedCategory, PlacedNumber
from muster.columns.encoding.values import EXACT, Number
from muster.columns.many.dense import Dense, Layout

_STRANGE: Final = -2


class Ranked(NamedTuple):
    """A column of categories: where each goes in the matrix, or its rank where the plan says more of it."""

    name: str
    places: Mapping[str | None, int]
    """-1 for what is encoded as all zeros."""
    unseen: int = -1
    """Rank of what has none."""


class Filling:
    """What an encoder does, for columns of one layout.

    Parameters
    ----------
    layout
        Of the columns.
    width
        Columns of the matrix.
    numbers, categories
        Those that are scaled, and those that are spread out over places of their own.
    placed_numbers, placed_categories
        Those whose places say themselves what becomes of them.
    """

    def __init__(
        self,
        layout: Layout,
        width: int,
        numbers: Sequence[Number],
        categories: Sequence[Ranked],
        placed_numbers: Sequence[tuple[Number, PlacedNumber]],
        placed_categories: Sequence[tuple[Ranked, PlacedCategory]],
    ) -> None:
        self.layout: Final = layout
        self._width = width
        self._rows = _few([layout.numbers.index(number.name) for number in numbers])
        self._at = _few([number.place for number in numbers])
        self._mean = np.array([[number.mean] for number in numbers])
        self._scale = np.array([[number.scale] for number in numbers])
        self._fill = np.array([[np.nan if number.fill is None else number.fill] for number in numbers])
        self._sound = all(isfinite((max(EXACT, abs(n.fill or 0.0)) + abs(n.mean)) / n.scale) for n in numbers)
        tables = [self._table(each) for each in categories]
        self._spread = _few([layout.categories.index(each.name) for each in categories])
        self._starts = np.cumsum([0, *map(len, tables)], dtype=np.intp)[:-1].reshape(-1, 1)
        self._places = np.concatenate([np.empty(0, np.intp), *tables])
        self._placed_numbers = [(layout.numbers.index(number.name), placed) for number, placed in placed_numbers]
        self._placed_categories = [
            (layout.categories.index(each.name), self._table(each), each.unseen, placed)
            for each, placed in placed_categories
        ]

    def _table(self, each: Ranked) -> NDArray[np.intp]:
        names = self.layout.names[self.layout.categories.index(each.name)]
        return np.array([each.places.get(name, _STRANGE) for name in names], np.intp)

    def fill(self, dense: Dense) -> NDArray[np.float64] | None:
        """Return the matrix, shape (rows, width); None where a value is one that the encoder has words for."""
        if not self._sound:
            return None
        rows = dense.numbers.shape[1]
        matrix = np.zeros((rows, self._width))
        if len(self._mean):
            made = dense.numbers[self._rows]
            if dense.gaps:
                made = np.where(np.isnan(made), self._fill, made)
            made = made - self._mean
            made /= self._scale
            matrix[:, self._at] = made.T
        done = self._spread_out(dense, matrix) and self._fill_placed(dense, matrix)
        return matrix if done else None

    def _spread_out(self, dense: Dense, matrix: NDArray[np.float64]) -> bool:
        """Set a 1 for each category; False where one is strange to the model."""
        if not len(self._starts):
            return True
        found = self._places[dense.codes[self._spread] + self._starts]
        flat = found + np.arange(0, matrix.size, self._width)
        if found.min() < 0:
            if (found == _STRANGE).any():
                return False
            flat = flat[found >= 0]
        matrix.reshape(-1)[flat] = 1.0
        return True

    def _fill_placed(self, dense: Dense, matrix: NDArray[np.float64]) -> bool:
        """Fill the places that say themselves what they hold; False where a value is refused."""
        try:
            for row, number in self._placed_numbers:
                number.fill(dense.numbers[row], matrix)
        except ValueError:
            return False
        for row, table, unseen, category in self._placed_categories:
            ranks = table[dense.codes[row]]
            if (ranks == _STRANGE).any():
                return False
            category.fill(np.where(ranks == -1, unseen, ranks), matrix)
        return True


def _few(places: Sequence[int]) -> slice | NDArray[np.intp]:
    """Return places as a slice where they follow each other: that needs no copy."""
    if places and list(places) == list(range(places[0], places[0] + len(places))):
        return slice(places[0], places[-1] + 1)
    return np.array(places, np.intp)
