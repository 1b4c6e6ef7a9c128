"""Mixes: columns of a matrix that are made of several others, as data; done after every input has been encoded.

A mix reads columns that are in the matrix already and fills others. What it adds up, it adds up in one order whatever
else is asked at the same time, so that a row gives the same bits alone and in a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.splines import splines
from muster.columns.encoding.steps import Prepared, Step, prepared, require_known

Floats = NDArray[np.float64]
Done = Callable[[Floats], Floats]
"""Gives results of shape (rows, results) of columns of shape (rows, columns)."""

_AT_ONCE: Final = 2**18
"""Products of a sum that are kept at a time."""


@dataclass(frozen=True, slots=True)
class Output:
    """A column that a mix fills: where it is, which result it takes, and the steps that lead there from that."""

    at: int
    result: int
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Mix:
    """One mix: its word, one of ``MIXES``, the columns that it reads, its numbers, and the columns that it fills."""

    op: str
    of: tuple[int, ...]
    numbers: tuple[float, ...]
    outputs: tuple[Output, ...]


class Blender:
    """Does mixes; built once, so that what their numbers say is worked out once.

    Raises
    ------
    ValueError
        Where a mix could not be done in a matrix of ``width`` columns, or no release of muster wrote it.
    """

    def __init__(self, mixes: Sequence[Mix], width: int) -> None:
        for mix in mixes:
            _require_sound(mix, width)
        self._each = [
            (list(mix.of), MIXES[mix.op](len(mix.of), np.asarray(mix.numbers, np.float64)), _outputs(mix))
            for mix in mixes
        ]

    def blend(self, matrix: Floats) -> None:
        """Fill the columns of all mixes, in order; each may read what those before it filled.

        Raises
        ------
        ValueError
            With the row in ``args[1]`` where what comes out is no finite number.
        """
        for of, done, outputs in self._each:
            with np.errstate(all="ignore"):
                made = done(matrix[:, of])
            for at, result, steps in outputs:
                values = made[:, result]
                for step in steps:
                    values = step(values)
                matrix[:, at] = values
            _require_finite(matrix[:, [at for at, _, _ in outputs]])


def _outputs(mix: Mix) -> list[tuple[int, int, list[Prepared]]]:
    return [(output.at, output.result, [prepared(step) for step in output.steps]) for output in mix.outputs]


def _require_sound(mix: Mix, width: int) -> None:
    places = (*mix.of, *(output.at for output in mix.outputs))
    if mix.op not in MIXES or not mix.outputs or not mix.of or any(not 0 <= place < width for place in places):
        msg = f"the plan mixes columns by {mix.op!r} in a way that muster never writes: compile the version again"
        raise ValueError(msg)
    for output in mix.outputs:
        require_known(output.steps)


def _require_finite(values: Floats) -> None:
    if not np.isfinite(values).all():
        what = "numbers too large for the model's scale"
        raise ValueError(what, int((~np.isfinite(values)).any(axis=1).argmax()))


def _project(width: int, numbers: Floats) -> Done:
    """Numbers: for each column as many weights as there are results, then what is taken off each result."""
    table = numbers.reshape(width + 1, -1)
    weights, offsets = table[:-1], table[-1]
    step = max(1, _AT_ONCE // max(weights.size, 1))

    def done(values: Floats) -> Floats:
        made = np.empty((len(values), len(offsets)))
        for start in range(0, len(values), step):
            part = values[start : start + step]
            np.add.reduce(part[:, :, None] * weights, axis=1, out=made[start : start + step])
        return np.asarray(made - offsets)

    return done


def _products(width: int, numbers: Floats) -> Done:
    """Numbers: how many factors each result has, then their columns, in the order in which they are multiplied.

    The column after the last stands for 1.
    """
    factors = numbers[1:].reshape(-1, int(numbers[0])).astype(np.intp).T

    def done(values: Floats) -> Floats:
        given = np.ones((len(values), width + 1))
        given[:, :width] = values
        made = given[:, factors[0]]
        for places in factors[1:]:
            made = made * given[:, places]
        return made

    return done


def _share(_: int, numbers: Floats) -> Done:
    """Numbers: 1, 2 or 0 for the sum of sizes, the root of the sum of squares, or the largest size: each part of it."""
    kind = int(numbers[0])

    def done(values: Floats) -> Floats:
        if kind == 0:
            whole = np.abs(values).max(axis=1)
        elif kind == 1:
            whole = np.abs(values).sum(axis=1)
        else:
            whole = np.sqrt((values * values).sum(axis=1))
        return np.asarray(values / np.where(whole == 0.0, 1.0, whole)[:, None])

    return done


def _splines(_: int, numbers: Floats) -> Done:
    return lambda values: splines(values, numbers)


MIXES: Final[Mapping[str, Callable[[int, Floats], Done]]] = {
    "project": _project,
    "products": _products,
    "share": _share,
    "splines": _splines,
}
"""What does a mix of so many columns with these numbers, by its word."""

SUMS: Final = frozenset({"project", "share"})
"""Mixes that add up: libraries do so in other orders, so that last bits differ."""
