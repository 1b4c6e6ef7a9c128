"""Trees row: the margin of one row of an ensemble of trees, found with one number a column instead of a walk a tree.

Each leaf of a tree is a bit, from left to right. What a column's value rules out, in all trees at once, is one number
worked out beforehand for every interval between two of its thresholds, and for every category; what all columns leave
over has as its lowest bit in each tree the leaf that the row comes to (QuickScorer: Lucchese et al., SIGIR 2015). The
leaves' values are then added tree by tree, in the order in which the model adds them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import isnan
from typing import Final

import numpy as np

from muster.columns.encoding.head import logistic_of
from muster.columns.forms import Tree
from muster.columns.plan import Encoding
from muster.columns.row.ensemble import leaves_of, tests_of
from muster.columns.row.limits import Limits, Scaled, Values, is_number, scaled, spread

LEAVES: Final = 32
"""Of one tree at most. Histogram boosters grow 31 unless they are told otherwise."""

LARGEST: Final = 16 * 2**20
"""Bytes of all that is worked out beforehand; of larger models every row is for the runtime."""

_PRIME: Final = 37
"""Every power of two below 2**36 leaves another remainder."""


_Test = tuple[float, tuple[int, int], bool]


class _Column:
    """What the values of one column of the matrix leave over.

    Parameters
    ----------
    tests
        Of each its threshold, the number of its tree and the leaves of that which go where a value is above it, and
        whether one that is missing passes for being below.
    full
        All leaves.
    """

    def __init__(self, tests: Sequence[_Test], full: int) -> None:
        self.thresholds: list[float] = []
        self.left = [full]
        """Where as many thresholds are below a value as the place says."""
        self.missing = full
        for threshold, (number, gone), passes in sorted(tests):
            if self.thresholds[-1:] != [threshold]:
                self.thresholds.append(threshold)
                self.left.append(self.left[-1])
            over = full ^ (gone << LEAVES * number)
            self.left[-1] &= over
            self.missing &= self.missing if passes else over

    def of(self, value: float) -> int:
        """Return what is left over."""
        return self.missing if isnan(value) else self.left[bisect_left(self.thresholds, value)]


class TreesRow:
    """Scores plain rows one at a time.

    Parameters
    ----------
    encodings
        Of the model, in matrix order.
    trees
        Their leaves are added in this order.
    limits
        What is plain.

    Raises
    ------
    ValueError
        If more is made of a column than a number, or one place a category; or a tree has too many leaves, or all of
        them too many tests.
    """

    def __init__(self, encodings: Sequence[Encoding], trees: Sequence[Tree], limits: Limits) -> None:
        self._full: Final = (1 << (LEAVES * len(trees))) - 1
        self._size: Final = LEAVES // 8 * len(trees)
        self._base: Final = np.arange(len(trees), dtype=np.uint32) * _PRIME
        self._leaves: Final = np.full(len(trees) * _PRIME, np.nan)  # what is no leaf must never become a score
        columns = self._columns(trees, sum(encoding.width for encoding in encodings))
        self._numbers: Final[list[tuple[Scaled, list[float], list[int], int]]] = []
        self._tables: Final[list[tuple[int, dict[str | None, int]]]] = []
        place = 0
        for at, encoding in enumerate(encodings):
            mine = columns[place : place + encoding.width]
            if is_number(encoding):
                (column,) = mine
                self._numbers.append((scaled(encoding, at, limits), column.thresholds, column.left, column.missing))
            else:
                ranks = spread(encoding, limits)
                self._tables.append((at, {name: self._together(mine, rank) for name, rank in ranks.items()}))
            place += encoding.width

    def score(self, values: Values) -> float | None:
        """Return the score; None, KeyError or TypeError where the row is not plain."""
        over = self._full
        for at, table in self._tables:
            over &= table[values[at]]  # type: ignore[index] # KeyError: not plain
        for (at, low, high, mean, scale, gone), thresholds, left, missing in self._numbers:
            value = values[at]
            kind = type(value)
            if (kind is float or kind is int) and low <= value <= high:  # type: ignore[operator]
                over &= left[bisect_left(thresholds, (value - mean) / scale)]  # type: ignore[operator]
            elif value is None and gone is not None:
                over &= missing if isnan(gone) else left[bisect_left(thresholds, gone)]
            else:
                return None
        words = np.frombuffer(over.to_bytes(self._size, "little"), "<u4")
        lowest = words & np.negative(words)
        found = self._leaves.take(self._base + lowest % _PRIME)
        return logistic_of(np.add.accumulate(found)[-1].item())

    def _together(self, columns: Sequence[_Column], filled: int) -> int:
        """Return what the places of a category leave over, one of which is 1 and all others 0."""
        over = self._full
        for rank, column in enumerate(columns):
            over &= column.of(1.0 if rank == filled else 0.0)
        return over

    def _columns(self, trees: Sequence[Tree], width: int) -> list[_Column]:
        tests: list[list[_Test]] = [[] for _ in range(width)]
        for number, tree in enumerate(trees):
            if int(tree.leaf.sum()) > LEAVES:
                msg = f"tree {number} has {int(tree.leaf.sum())} leaves, {LEAVES} have bits"
                raise ValueError(msg)
            self._number_leaves(number, tree)
            for feature, threshold, gone, passes in tests_of(tree, _leaves):
                if not 0 <= feature < width:
                    msg = f"tree {number} reads column {feature}, and there are {width}"
                    raise ValueError(msg)
                # In the bits of its own tree, for those of all trees take much memory as long as they are many.
                tests[feature].append((threshold, (number, gone), passes))
        bounds = sum(len({threshold for threshold, _, _ in each}) + 2 for each in tests)
        if bounds * self._size > LARGEST:
            msg = f"{bounds} thresholds of {len(trees)} trees take too much memory"
            raise ValueError(msg)
        return [_Column(each, self._full) for each in tests]

    def _number_leaves(self, number: int, tree: Tree) -> None:
        for bit, node in enumerate(leaves_of(tree)):
            self._leaves[number * _PRIME + (1 << bit) % _PRIME] = tree.value[node]


def _leaves(first: int, end: int) -> int:
    """Return the bits of the leaves from one to another of a tree."""
    return (1 << end) - (1 << first)
