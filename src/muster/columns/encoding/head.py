"""Head: how the margins of a model's members become one score, as data; a short list that is worked off in order.

One booster needs none of it. Calibrated, voting and stacked models do: each line names an operation, the lines before
whose results it takes, and its numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MANY: Final = 4_096
"""Rows from which on the interpreter's lock costs more than complex numbers do."""

PLAIN: Final = 700.0
"""Margins whose exp is neither infinite nor subnormal."""


@dataclass(frozen=True, slots=True)
class Link:
    """One line: an operation, one of ``OPERATIONS`` or ``margin``, the lines whose results it takes, its numbers."""

    op: str
    of: tuple[int, ...] = ()
    numbers: tuple[float, ...] = ()


def score(head: Sequence[Link], margins: Floats) -> Floats:
    """Return one score a row from margins of shape (rows, members)."""
    done: list[Floats] = []
    for link in head:
        if link.op == "margin":
            done.append(np.ascontiguousarray(margins[:, int(link.numbers[0])]))
        else:
            done.append(OPERATIONS[link.op]([done[place] for place in link.of], link.numbers))
    return done[-1]


def require_sound(head: Sequence[Link], members: int) -> None:
    """Raise ValueError where a head could not be worked off, or names what no release of muster wrote."""
    for line, link in enumerate(head):
        known = link.op in OPERATIONS or (link.op == "margin" and link.numbers and 0 <= link.numbers[0] < members)
        if not known or any(not 0 <= place < line for place in link.of) or not (link.of or link.op == "margin"):
            msg = f"line {line} of the plan's head ({link.op!r}) is none that muster writes: compile the version again"
            raise ValueError(msg)


LARGEST: Final = 709.0
"""Of it and all below, exp can be kept in a float64."""


def logistic_of(margin: float) -> float:
    """Return :func:`logistic` of one margin."""
    if margin > -LARGEST:  # not so for NaN either
        return 1.0 / (1.0 + math.exp(-margin))
    found: float = logistic(np.array((margin, 0.0)))[0].item()
    return found


def logistic(margins: Floats) -> Floats:
    """Return ``1 / (1 + exp(-margin))`` with the bits of scipy's ``expit``, alone and in a batch alike.

    Both take exp from the C library; numpy's own vector exp differs from it in the last bit on about 2 % of values. Of
    complex numbers numpy has no vector exp: with nothing imaginary in them, it gives the C library's, to many threads
    at a time.
    """
    if len(margins) >= MANY and np.abs(margins).max() < PLAIN:
        return 1.0 / (1.0 + np.exp(-margins.astype(np.complex128)).real)
    if len(margins) == 1 and (margin := margins.item()) > -LARGEST:  # not so for NaN either
        return np.array((logistic_of(margin),))
    try:
        powers = np.fromiter(map(math.exp, (-margins).tolist()), np.float64, len(margins))
    except OverflowError:  # a margin under -709, where exp(-margin) leaves float64 and the score is 0
        with np.errstate(over="ignore"):
            flat = np.exp(-margins)
        return np.where(np.isinf(flat), 0.0, logistic(np.where(np.isinf(flat), 0.0, margins)))
    return 1.0 / (1.0 + powers)


def _sum(given: list[Floats], _: tuple[float, ...]) -> Floats:
    total = np.zeros(len(given[0]))
    for part in given:
        total += part
    return total


def _mean(given: list[Floats], weights: tuple[float, ...]) -> Floats:
    """Return the mean, weighted where there are weights, in the order of ``numpy.average``."""
    if not weights:
        return _sum(given, ()) / len(given)
    weighed = [part * weight for part, weight in zip(given, weights, strict=True)]
    return _sum(weighed, ()) / float(np.asarray(weights).sum())


def _interpolate(given: list[Floats], numbers: tuple[float, ...]) -> Floats:
    """Numbers: places, then as many values; flat outside, as an isotonic calibration clips."""
    places, values = np.split(np.asarray(numbers, np.float64), 2)
    if len(places) == 1:
        return np.full(len(given[0]), values[0])
    return np.interp(np.clip(given[0], places[0], places[-1]), places, values)


def _dot(given: list[Floats], numbers: tuple[float, ...]) -> Floats:
    """Numbers: one weight a line, then the intercept."""
    return np.stack(given, axis=1) @ np.asarray(numbers[:-1], np.float64) + numbers[-1]


def _softmax(given: list[Floats], _: tuple[float, ...]) -> Floats:
    """Return the second of two chances whose log-odds are given, in the order of scikit-learn's ``softmax``."""
    half = given[0] / 2
    most = np.abs(half)
    first, second = np.exp(-half - most), np.exp(half - most)
    return np.asarray(second / (first + second))


def _nearly_one(given: list[Floats], _: tuple[float, ...]) -> Floats:
    """Take what exceeds 1 by a rounding for 1, as a calibration says."""
    return np.where((given[0] > 1.0) & (given[0] <= 1.0 + 1e-5), 1.0, given[0])


OPERATIONS: Final[Mapping[str, Callable[[list[Floats], tuple[float, ...]], Floats]]] = {
    "logistic": lambda given, _: logistic(given[0]),
    "negative": lambda given, _: -given[0],
    "add": lambda given, numbers: given[0] + numbers[0],
    "multiply": lambda given, numbers: given[0] * numbers[0],
    "divide": lambda given, numbers: given[0] / numbers[0],
    "clip": lambda given, numbers: np.clip(given[0], numbers[0], numbers[1]),
    "interpolate": _interpolate,
    "mean": _mean,
    "dot": _dot,
    "softmax": _softmax,
    "nearly-one": _nearly_one,
}
"""Every operation by its word."""
