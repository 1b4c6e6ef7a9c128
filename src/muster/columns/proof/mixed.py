"""Mixed: splits on columns that are made of several inputs, met by changing one of those inputs at a time.

Where a column is exact, a row is put on each of the two neighbours between which it crosses a threshold. Where it is a
sum, libraries add up in other orders, and one disagrees with itself between batch sizes: there rows are put a billionth
of the column's range to each side, where every right implementation must agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.mixes import SUMS
from muster.columns.forms import Trees
from muster.columns.mixing.encoder import encoder_of
from muster.columns.plan import Plan
from muster.columns.proof.crossings import halved
from muster.records.data import ColumnType

Floats = NDArray[np.float64]
Wanted = Mapping[tuple[int, int], list[tuple[float, int]]]
"""By column of the matrix and input, thresholds and a row that comes to each."""

NEAR: Final = 1e-9
"""Of a sum's range: how far from a threshold rows are put."""
_TRIED: Final = 2
"""Inputs that are changed for each split."""
_TRIES: Final = 40
_LARGEST_INTEGER: Final = 2.0**53 - 1


def met(
    plan: Plan, ensembles: Iterable[tuple[int, int, Trees]], matrix: Floats, base: Mapping[str, NDArray[Any]]
) -> Iterator[tuple[int, str, float]]:
    """Yield rows of ``base``, an input to change and its new value, for every split on a mixed column.

    Parameters
    ----------
    ensembles
        Where the columns of some trees begin in the matrix, how many they are, and the trees.
    matrix
        Of the rows of ``base``.
    """
    sought = _Sought(plan, matrix, base)
    for (at, source), wanted in _wanted(plan, ensembles, matrix).items():
        yield from sought.around(at, source, wanted)


def summed(plan: Plan) -> dict[int, bool]:
    """Return for each mixed column whether a sum is anywhere in it."""
    found: dict[int, bool] = {}
    for mix in plan.mixes:
        held = mix.op in SUMS or any(found.get(at, False) for at in mix.of)
        found |= {output.at: held for output in mix.outputs}
    return found


def splits(form: Trees, matrix: Floats) -> Iterator[tuple[int, float, int]]:
    """Yield column and threshold of every split, and a row that comes to it, if one does."""
    for tree in form.trees:
        for node, reaching in enumerate(tree.reach(matrix)):
            if not tree.leaf[node] and not np.isinf(tree.threshold[node]):
                row = int(reaching[0]) if len(reaching) else node % len(matrix)
                yield int(tree.feature[node]), float(tree.threshold[node]), row


def _wanted(plan: Plan, ensembles: Iterable[tuple[int, int, Trees]], matrix: Floats) -> Wanted:
    made: dict[tuple[int, int], list[tuple[float, int]]] = defaultdict(list)
    mixed, sources = summed(plan), plan.sources
    texts = {n for n, encoding in enumerate(plan.encodings) if encoding.column.type is ColumnType.CATEGORY}
    for start, width, trees in ensembles:
        for number, (feature, threshold, row) in enumerate(splits(trees, matrix[:, start : start + width])):
            at = start + feature
            inputs = sorted(sources[at] - texts) if at in mixed else []
            for turn in range(min(_TRIED, len(inputs))):
                made[at, inputs[(number + turn) % len(inputs)]].append((threshold, row))
    return made


class _Sought:
    def __init__(self, plan: Plan, matrix: Floats, base: Mapping[str, NDArray[Any]]) -> None:
        self._plan, self._base, self._matrix = plan, base, matrix
        self._encoder = encoder_of(plan, "unknown")
        self._summed = summed(plan)

    def around(self, at: int, source: int, wanted: list[tuple[float, int]]) -> Iterator[tuple[int, str, float]]:
        column = self._plan.encodings[source].column
        known = self._base[column.name].astype(np.float64)
        if not np.isfinite(known).any():
            return
        targets, rows = np.array([pair[0] for pair in wanted]), np.array([pair[1] for pair in wanted], np.intp)
        given = {name: values[rows] for name, values in self._base.items()}
        apart = NEAR * float(np.ptp(self._matrix[:, at])) if self._summed[at] else 0.0
        whole = column.type is ColumnType.INTEGER

        def value(values: Floats) -> Floats:
            changed = {**given, column.name: np.floor(values) if whole else values}
            return np.asarray(self._encoder.encode(changed)[:, at] - targets)

        low, high = (np.full(len(rows), float(end)) for end in (np.nanmin(known), np.nanmax(known)))
        try:
            crossed = np.flatnonzero((value(low) <= 0) != (value(high) <= 0))
            ends = halved(lambda values: value(values) <= 0, low, high)
            # What is rounded to single precision jumps: how near a sum is to that, its rounded value does not tell.
            aside = NEAR * (high - low) if self._summed[at] else np.zeros(len(rows))
            for end, sign in zip((ends[0] - aside, ends[1] + aside), (-1.0, 1.0), strict=True):
                values = _away(value, end, sign, apart, whole=whole)
                sure = np.abs(value(values)) >= apart
                yield from ((int(rows[n]), column.name, float(values[n])) for n in crossed if sure[n])
        except ValueError:  # a value in between is refused, and so it is when served
            return


def _away(value: Any, end: Floats, sign: float, apart: float, *, whole: bool) -> Floats:
    """Return values moved outwards until what is made of them is far enough from the threshold."""
    if whole:
        return np.clip(np.floor(end), -_LARGEST_INTEGER, _LARGEST_INTEGER)
    values, step = end, np.spacing(np.abs(end))
    for _ in range(_TRIES):
        near = np.abs(value(values)) < apart
        if not near.any():
            break
        values, step = np.where(near, values + sign * step, values), step * 2
    return values
