"""Splines: one column of numbers spread over a basis of B-splines, bit for bit as scipy and scikit-learn do it."""

from __future__ import annotations

from bisect import bisect_right
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Beyond(IntEnum):
    """What becomes of numbers beyond the knots, as the first number of a spline says."""

    CONTINUE = 0
    """The outermost pieces go on."""
    ERROR = 1
    """They are refused."""
    PERIODIC = 2
    """The knots begin anew."""
    STRAIGHT = 3
    """Every result goes on along a line, which may be level."""


HEAD: Final = 4
"""Numbers before the knots: what is beyond, the degree, how many results, whether NaN may come and becomes zeros."""


def splines(values: Floats, numbers: Floats) -> Floats:
    """Return the value of each spline.

    Parameters
    ----------
    values
        Shape (rows, 1).
    numbers
        As ``HEAD`` says; the knots; then, for straight ends, results at the lower end, their slopes, and both again at
        the upper end.

    Raises
    ------
    ValueError
        With the row in ``args[1]`` where a value is refused, as scikit-learn refuses it.
    """
    beyond, degree, results, nullable = (int(number) for number in numbers[:HEAD])
    knots, ends = numbers[HEAD:], np.empty(0)
    if beyond == Beyond.STRAIGHT:
        knots, ends = numbers[HEAD : -4 * results], numbers[-4 * results :]
    given, low, high = values[:, 0], knots[degree], knots[-degree - 1]
    if len(given) == 1 and beyond != Beyond.PERIODIC and low <= given[0] <= high:
        return np.array([_alone(float(given[0]), knots.tolist(), degree, results)])
    missing = np.isnan(given)
    outside = (given < low) | (given > high)
    _refuse(missing & (not nullable), "no value, and the model cannot read that")
    _refuse(outside & (beyond == Beyond.ERROR), "a number beyond those that the model was trained on")
    within = given
    if beyond == Beyond.PERIODIC:
        within = low + (given - low) % (high - low) if high > low else np.zeros_like(given)
    if beyond == Beyond.STRAIGHT:
        within = np.where(outside, low, given)
    made = _basis(np.where(missing, low, within), knots, degree, results)
    if beyond == Beyond.STRAIGHT:
        first, last = ends.reshape(2, 2, results)
        made[given < low] = _line(given[given < low] - low, first)
        made[given > high] = _line(given[given > high] - high, last)
    made[missing] = 0.0
    return made


def _line(far: Floats, ends: Floats) -> Floats:
    value, slope = ends
    return np.asarray(value + np.where(slope == 0.0, 0.0, far[:, None] * slope))


def _refuse(wrong: NDArray[np.bool_], what: str) -> None:
    if wrong.any():
        raise ValueError(what, int(wrong.argmax()))


def _basis(values: Floats, knots: Floats, degree: int, results: int) -> Floats:
    """Return all basis functions by the recursion of de Boor (1972), in the order in which scipy works it off."""
    count = len(knots) - degree - 1
    piece = np.clip(np.searchsorted(knots, values, side="right") - 1, degree, count - 1)
    held = [np.ones(len(values))]
    for level in range(1, degree + 1):
        before, held = held, [np.zeros(len(values)) for _ in range(level + 1)]
        for place in range(1, level + 1):
            right, left = knots[piece + place], knots[piece + place - level]
            apart = right != left
            weight = np.divide(before[place - 1], right - left, out=np.zeros(len(values)), where=apart)
            held[place - 1] = np.where(apart, held[place - 1] + weight * (right - values), held[place - 1])
            held[place] = np.where(apart, weight * (values - left), 0.0)
    made = np.zeros((len(values), results))
    rows = np.arange(len(values))
    for place, part in enumerate(held):
        made[rows, (piece - degree + place) % results] += part
    return made


def _alone(value: float, knots: list[float], degree: int, results: int) -> list[float]:
    """Return the same of one number within the knots, by plain floats: that takes a tenth of the time of arrays."""
    piece = min(max(bisect_right(knots, value) - 1, degree), len(knots) - degree - 2)
    held = [1.0]
    for level in range(1, degree + 1):
        before, held = held, [0.0] * (level + 1)
        for place in range(1, level + 1):
            right, left = knots[piece + place], knots[piece + place - level]
            if right != left:
                weight = before[place - 1] / (right - left)
                held[place - 1] += weight * (right - value)
                held[place] = weight * (value - left)
    made = [0.0] * results
    for place, part in enumerate(held):
        made[(piece - degree + place) % results] += part
    return made
