"""Crossings: where along one column a chain of steps, or a whole model, comes from one side of a number to the other.

Thresholds stand in the matrix and rows are made of raw values. What lies between need not be invertible, so that the
crossing is sought by halves among all float64 numbers: sixty-four steps find the two neighbours it lies between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.steps import Place, Step, run

Floats = NDArray[np.float64]
Side = Callable[[Floats], NDArray[np.bool_]]

_REACHES: Final = (1e300, 3e38, 1e15, 1e6)
"""How far from zero is looked, the farthest first that every step takes."""

_MOST: Final = 2000
"""Numbers of one step at most, the smallest of more."""

_KEYED: Final = frozenset({"equal", "above", "bin", "replace", "pick", "among", "clip", "quantile", "near-quantile"})
"""Steps whose numbers are places on the line where something changes."""


def halved(side: Side, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the neighbours between which each search changes sides; rows of which both ends agree come back as is."""
    ends = _ordered(low), _ordered(high)
    begun = side(low)
    for _ in range(64):
        middle = _between(*ends)
        same = side(_floats(middle)) == begun
        ends = np.where(same, middle, ends[0]), np.where(same, ends[1], middle)
    return _floats(ends[0]), _floats(ends[1])


def crossings(steps: Sequence[Step], targets: Floats, sample: Floats) -> Iterator[tuple[float, tuple[float, float]]]:
    """Yield each target that can be crossed, and the neighbours between which ``steps(x) <= target`` changes.

    Parameters
    ----------
    sample
        Ordinary values of the column; what can be crossed only among them is found too.
    """
    known = sample[np.isfinite(sample)]
    reach = next((far for far in _REACHES if _takes(steps, np.array([-far, far]))), 0.0)
    ends = [(-reach, 0.0), (0.0, reach)]
    if len(known):
        ends.append((float(known.min()), float(known.max())))
    for low, high in ends:
        from_, to = np.full(len(targets), low), np.full(len(targets), high)
        if low >= high or not _takes(steps, np.array([low, high])):
            continue
        try:
            differ = _below(steps, from_, targets) != _below(steps, to, targets)
            below, above = halved(lambda values: _below(steps, values, targets), from_, to)
        except ValueError:  # a value in between is refused, and so it is when served
            continue
        pairs = zip(below[differ].tolist(), above[differ].tolist(), strict=True)
        yield from zip(targets[differ].tolist(), pairs, strict=True)


def keyed(places: Sequence[Place], sample: Floats) -> Iterator[float]:
    """Yield raw values at which any step of a column's places changes what it does, and their neighbours."""
    changes: dict[tuple[Step, ...], set[float]] = {}
    for place in places:
        for end, step in enumerate(place.steps):
            if step.op in _KEYED:
                held = changes.setdefault(place.steps[:end], set())
                held.update(number for number in step.numbers if number is not None)
    for prefix, numbers in changes.items():
        targets = np.array(sorted(numbers)[:_MOST])
        for _, pair in crossings(prefix, targets, sample):
            yield from pair
            yield float(np.nextafter(pair[0], -np.inf))
        yield from targets.tolist()


def _below(steps: Sequence[Step], values: Floats, targets: Floats) -> NDArray[np.bool_]:
    made = values
    for step in steps:
        made = run(step, made)
    return made <= targets


def _takes(steps: Sequence[Step], values: Floats) -> bool:
    try:
        _below(steps, values, values)
    except ValueError:
        return False
    return True


def _ordered(values: Floats) -> NDArray[np.int64]:
    """Return integers in the order of the numbers: neighbours among floats are neighbours among these."""
    bits = np.ascontiguousarray(values).view(np.int64)
    return np.where(bits < 0, np.int64(-(2**63)) - bits, bits)


def _floats(ordered: NDArray[np.int64]) -> Floats:
    bits = np.where(ordered < 0, np.int64(-(2**63)) - ordered, ordered)
    return np.ascontiguousarray(bits, np.int64).view(np.float64)


def _between(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the middles without overflow; where the two are neighbours, the first."""
    return np.asarray((one >> 1) + (other >> 1) + (one & other & 1), np.int64)
