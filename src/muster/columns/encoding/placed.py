"""Placed: the places of one input column, compiled; what places share is worked out once.

One row at a time is the common request, so that a category's places are looked up as they are, and a number of which
only arithmetic is made goes through plain floats: both give the bits that the arrays give.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.steps import Place, Prepared, Step, packed, prepared, require_known, run

Floats = NDArray[np.float64]

_PLAIN: Final = {"subtract": 0, "divide": 1, "multiply": 2, "add": 3, "single": 4, "missing": 5}
_LARGEST: Final = float(np.finfo(np.float32).max)
_NOTHING: Final = frozenset({"fill", "present"})
"""Steps that leave a number as it is."""


class PlacedNumber:
    """A column of numbers and its places."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._nodes: list[tuple[int, Prepared]] = []
        known: dict[tuple[Step, ...], int] = {(): 0}
        for place in places:
            require_known(place.steps)
            for end, step in enumerate(place.steps, 1):
                if place.steps[:end] not in known:
                    known[place.steps[:end]] = len(known)
                    self._nodes.append((known[place.steps[: end - 1]], prepared(step)))
        self._ends = [(place.at, known[place.steps]) for place in places]
        self._plain = [(place.at, made) for place in places if (made := _plainly(place.steps)) is not None]
        self.plain: Final = len(self._plain) == len(places)
        """Whether :meth:`fill_row` can do all that :meth:`fill` does for a number."""

    def fill(self, values: Floats, matrix: Floats) -> None:
        """Fill the places of all rows; raise ValueError with the row in ``args[1]`` where a value is refused."""
        done = [values]
        for before, step in self._nodes:
            done.append(step(done[before]))
        for at, node in self._ends:
            made = done[node]
            if (wrong := np.isinf(made)).any():
                what = "a number too large for the model's scale"
                raise ValueError(what, int(wrong.argmax()))
            matrix[:, at] = made

    def fill_row(self, value: float, row: list[float]) -> bool:
        """Fill the places of one row from a number that is neither NaN nor infinite; False: it takes :meth:`fill`."""
        for at, steps in self._plain:
            made = _applied(steps, value)
            if not -inf < made < inf:
                return False
            row[at] = made
        return True


class PlacedCategory:
    """A column of categories and its places, worked out beforehand for every category."""

    def __init__(self, categories: int, places: Sequence[Place]) -> None:
        ranks = np.arange(categories + 2, dtype=np.float64)
        self._at = np.array([place.at for place in places], np.intp)
        self._table = np.zeros((categories + 2, len(places)))
        for number, place in enumerate(places):
            require_known(place.steps)
            made = ranks
            for step in place.steps:
                made = run(step, made)
            self._table[:, number] = made
        self._filled: list[list[tuple[int, float]]] = [
            [(int(at), float(value)) for at, value in zip(self._at, row, strict=True) if value != 0.0]
            for row in self._table
        ]

    def fill(self, ranks: NDArray[np.intp], matrix: Floats) -> None:
        """Fill the places of all rows from their categories' ranks."""
        matrix[:, self._at] = self._table[ranks]

    def fill_row(self, rank: int, row: list[float]) -> None:
        """Fill the places of one row, which holds zeros so far."""
        for at, value in self._filled[rank]:
            row[at] = value


def picked(values: Sequence[Any], other: float) -> Step:
    """Return the step that gives each rank its value; ``other`` is what most have and is not written out."""
    pairs = [(float(rank), value) for rank, value in enumerate(values) if not _same(value, other)]
    return Step("pick", packed([other, other, *(number for pair in pairs for number in pair)]))


def _same(one: float, two: float) -> bool:
    return one == two or (np.isnan(one) and np.isnan(two))


def _plainly(steps: Sequence[Step]) -> list[tuple[int, float]] | None:
    """Return arithmetic as numbers, or None where a step is more than that."""
    made: list[tuple[int, float]] = []
    for step in steps:
        if step.op in _NOTHING:
            continue
        number = step.numbers[0] if step.numbers else 0.0
        if step.op not in _PLAIN or number is None:
            return None
        made.append((_PLAIN[step.op], number))
    return made


def _applied(steps: Sequence[tuple[int, float]], made: float) -> float:
    for kind, number in steps:
        if kind == 0:
            made = made - number
        elif kind == 1:
            made = made / number
        elif kind == 2:
            made = made * number
        elif kind == 3:
            made = made + number
        else:
            made = _rounded(made) if kind == 4 else 0.0
    return made


def _rounded(value: float) -> float:
    """Return a number in single precision, infinite where it is too large for that."""
    return float(np.float32(value)) if -_LARGEST <= value <= _LARGEST else inf
