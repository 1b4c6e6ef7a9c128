"""Masks: trees of many rows at once, without walking any of them.

Every column's thresholds lie in order, and each interval between two has, for every tree, the set of leaves that a
value there leaves open, as bits of a word. The intersection over all columns leaves one leaf, the first in it (Lucchese
et al. 2015, "QuickScorer", SIGIR). What it costs grows with columns, not with nodes. Leaves are added in the order of
the trees, so that a row has the same bits here, alone, and in the library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.columns.forms import Tree
from muster.columns.row.ensemble import leaves_of, tests_of

FROM: Final = 20
"""Rows from which on it takes less than walking the trees does."""

AT_ONCE: Final = 128
"""Rows whose words fit into the processor's cache together."""

LARGEST: Final = 16 * 2**20
"""Bytes of words that a model may have: beyond, to fetch them costs more than to walk."""

_TOGETHER: Final = 8
"""Columns with one threshold that are looked up together, as bits of a byte."""


class _Split(NamedTuple):
    """An inner node."""

    tree: int
    threshold: float
    missing_below: bool
    """Whether a missing value goes where those below the threshold go."""
    open: int
    """Leaves that are left where a value is above it: as many bits as are asked for, from the lowest."""


@dataclass(frozen=True, slots=True)
class _Word:
    """How a set of leaves is kept, and how the first of them is told by the exponent of the lowest bit."""

    bits: int
    word: Any
    floating: Any
    whole: Any
    mantissa: int
    bias: int


_WORDS: Final = (
    _Word(32, np.uint32, np.float32, np.int32, 23, 127),
    _Word(64, np.uint64, np.float64, np.int64, 52, 1023),
)


@dataclass(frozen=True, slots=True)
class _Room:
    """Arrays to work in: made anew for every request, they would cost as much as what is done in them."""

    left: NDArray[Any]
    one: NDArray[Any]
    floating: NDArray[Any]
    places: NDArray[np.intp]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, trees: int, word: _Word) -> _Room:
        """Return room for as many rows as are worked off at once."""
        shape = AT_ONCE + 1, trees
        size = shape[0] * trees
        words = np.empty(shape, word.word), np.empty(shape, word.word), np.empty(shape, word.floating)
        return cls(*words, np.empty(size, np.intp), np.empty(size))


class Masks:
    """Trees, ready for many rows.

    Parameters
    ----------
    trees
        Their leaves are added in this order.

    Raises
    ------
    ValueError
        If a tree has more leaves than a word has bits, or the words would be too many.
    """

    def __init__(self, trees: Sequence[Tree]) -> None:
        leaves = [tree.value[leaves_of(tree)].tolist() for tree in trees]
        most = max(map(len, leaves), default=0)
        self._trees: Final = len(leaves)
        self._word: Final = next((word for word in _WORDS if most <= word.bits), None) or _refuse(f"{most} leaves")
        by_column: dict[int, list[_Split]] = {}
        for number, tree in enumerate(trees):
            for column, threshold, left, below in tests_of(tree, _without):
                by_column.setdefault(column, []).append(_Split(number, threshold, below, left))
        single = sorted(at for at, some in by_column.items() if len({split.threshold for split in some}) == 1)
        rows = sum(len(some) + 2 for some in by_column.values()) + 2**_TOGETHER * (len(single) // _TOGETHER + 1)
        if rows * self._trees * self._word.bits // 8 > LARGEST:
            _refuse(f"{rows} words of {self._trees} trees")
        self._ordered = [(at, *self._intervals(some)) for at, some in sorted(by_column.items()) if at not in single]
        self._single = np.array(single, np.intp)
        self._bounds = np.array([by_column[column][0].threshold for column in single])
        self._together = [
            self._combinations([by_column[column] for column in single[start : start + _TOGETHER]])
            for start in range(0, len(single), _TOGETHER)
        ]
        padded = [values + [0.0] * (self._word.bits - len(values)) for values in leaves]
        self._values = np.array(padded).reshape(-1)
        self._starts = np.arange(0, self._values.size, self._word.bits)[:, None] - self._word.bias
        self._rooms: list[_Room] = []

    def _blank(self, rows: int) -> NDArray[Any]:
        return np.full((rows, self._trees), ~self._word.word(0), self._word.word)

    def _open(self, split: _Split) -> Any:
        return self._word.word(split.open & (1 << self._word.bits) - 1)

    def _intervals(self, splits: list[_Split]) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """Return a column's thresholds and the words of each interval; the last are those of a missing value."""
        bounds = np.unique([*(split.threshold for split in splits), np.inf])
        words = self._blank(len(bounds) + 1)
        for split in splits:
            above = int(np.searchsorted(bounds, split.threshold)) + 1
            words[above:-1, split.tree] &= self._open(split)
            if not split.missing_below:
                words[-1, split.tree] &= self._open(split)
        return bounds, words

    def _combinations(self, columns: list[list[_Split]]) -> NDArray[Any]:
        """Return the words of each way in which several columns can be above their only threshold or not."""
        words = self._blank(2**_TOGETHER)
        codes = np.arange(2**_TOGETHER)
        for place, splits in enumerate(columns):
            above = codes >> (_TOGETHER - 1 - place) & 1 == 1
            for split in splits:
                words[above, split.tree] &= self._open(split)
        return words

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return one margin a row; None where a value is missing that most columns have.

        Parameters
        ----------
        matrix
            Shape (rows, width), of at least two rows: those of one alone, numpy would add in another order.
        """
        rows = len(matrix)
        cuts = [*range(0, rows - 1, AT_ONCE), rows]  # so that no row is left alone
        parts = [self._some(matrix[start:end]) for start, end in pairwise(cuts)]
        found = [part for part in parts if part is not None]
        return np.concatenate(found) if len(found) == len(parts) else None

    def probes(self, width: int, rows: int = 512) -> NDArray[np.float64]:
        """Return rows that go where errors would show: thresholds, one step above each, and missing values."""
        chance = np.random.default_rng(0)
        made = np.zeros((rows, width))
        bounds = [(column, bounds[:-1]) for column, bounds, _ in self._ordered]
        bounds += [(int(column), self._bounds[at : at + 1]) for at, column in enumerate(self._single)]
        for column, known in bounds:
            some = chance.choice(known, rows)
            made[:, column] = np.where(chance.random(rows) < 0.5, some, np.nextafter(some, np.inf))
        for column, _, _ in self._ordered:
            made[chance.random(rows) < 0.1, column] = np.nan
        return made

    def _some(self, matrix: NDArray[np.float64]) -> NDArray[np.float64] | None:
        try:
            room = self._rooms.pop()
        except IndexError:  # as many are made as threads come here at once
            room = _Room.of(self._trees, self._word)
        try:
            left, one = room.left[: len(matrix)], room.one[: len(matrix)]
            left.fill(~self._word.word(0))
            for words, rows in self._looked_up(matrix):
                if rows is None:
                    return None
                words.take(rows, axis=0, out=one, mode="clip")
                np.bitwise_and(left, one, out=left)
            return self._summed(room, len(matrix))
        finally:
            self._rooms.append(room)

    def _looked_up(self, matrix: NDArray[np.float64]) -> Iterator[tuple[NDArray[Any], NDArray[np.intp] | None]]:
        """Yield tables of words, each with the place of every row in it; None where nothing tells that."""
        for column, bounds, words in self._ordered:
            yield words, np.searchsorted(bounds, matrix[:, column])
        if len(self._single):
            values = matrix[:, self._single]
            above = np.packbits(values > self._bounds, axis=1)
            known = not np.isnan(values).any()
            for place, words in enumerate(self._together):
                yield words, above[:, place].astype(np.intp) if known else None

    def _summed(self, room: _Room, rows: int) -> NDArray[np.float64]:
        """Return the sum of each row's leaves, from the words of those that are left."""
        word, left, lowest, exponent = self._word, room.left[:rows], room.one[:rows], room.floating[:rows]
        np.invert(left, out=lowest)
        np.add(lowest, word.word(1), out=lowest)
        np.bitwise_and(left, lowest, out=lowest)
        np.copyto(exponent, lowest, casting="unsafe")
        whole = exponent.view(word.whole)
        np.right_shift(whole, word.mantissa, out=whole)
        size = rows * self._trees
        places = room.places[:size].reshape(self._trees, rows)
        values = room.values[:size].reshape(self._trees, rows)
        np.add(whole.T, self._starts, out=places)
        self._values.take(places, out=values, mode="clip")
        summed: NDArray[np.float64] = np.add.reduce(values, axis=0, initial=0.0)
        return summed


def _without(first: int, end: int) -> int:
    return ~((1 << end) - (1 << first))


def _refuse(what: str) -> Any:
    msg = f"{what} are too many: the trees must be walked"
    raise ValueError(msg)
