"""Slicing: sums of a loss over bins of columns and pairs of columns, and how far each is from all other rows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from muster.columns.arrow import Floats, column_of, floats, is_number, places_of, texts
from muster.columns.statistics.bins import named_categories
from muster.columns.statistics.intervals import Z

MOST_CATEGORIES = 20


@dataclass(frozen=True, slots=True)
class Parts:
    """One column in bins: which each row is in, and what the bins are called."""

    codes: NDArray[np.int64]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """A bin, or a pair of bins: its mean loss, how much more than that of all other rows, and the adjusted p-value."""

    name: str
    rows: int
    loss: float
    gap: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class _Tested:
    """Bins of one column or pair that hold enough rows."""

    names: tuple[str, ...]
    rows: Floats
    loss: Floats
    gap: Floats
    error: Floats
    p: Floats
    marks: Floats
    """The same for the same rows, else not: sums of a random number a row, added up in the order of rows."""


def parts_of(table: pa.Table, name: str, bins: int) -> Parts:
    """Put a column in bins: quantiles of numbers, or their values where they are few; the most frequent categories.

    Missing values are a bin of their own, or one with rare categories.
    """
    kind = column_of(table, name).type
    if not (is_number(kind) or pa.types.is_boolean(kind)):
        values = texts(table, name)
        found = named_categories(values, (), most=MOST_CATEGORIES)
        return Parts(
            places_of(values, found).astype(np.int64), (*(f"{name} {each}" for each in found), f"{name} other")
        )
    numbers = floats(table, name)
    there = ~np.isnan(numbers)
    if not there.any():
        return Parts(np.zeros(numbers.size, dtype=np.int64), (f"{name} missing",))
    some = numbers[there]
    if (few := _few(table, name)) is not None:
        codes = np.searchsorted(few, numbers, side="left")
        return Parts(codes, (*(f"{name} {value:.6g}" for value in few.tolist()), f"{name} missing"))
    limits = np.unique(np.quantile(some, np.arange(1, bins) / bins, method="inverted_cdf"))
    limits = limits[limits < some.max()]
    codes = np.searchsorted(limits, numbers, side="left")
    codes[~there] = limits.size + 1
    return Parts(codes, (*_named(name, limits.tolist()), f"{name} missing"))


def _few(table: pa.Table, name: str) -> Floats | None:
    """Return the values of a column of whole numbers, increasing, where there are few of them."""
    column = column_of(table, name)
    if not (pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)):
        return None
    found = floats(pa.table({name: pc.drop_null(pc.unique(column))}), name)
    return np.sort(found) if found.size <= MOST_CATEGORIES else None


def examine(columns: Sequence[Parts], losses: Floats, *, depth: int, fewest: int) -> list[Slice]:
    """Hold every bin, and at depth 2 every pair of bins, against all other rows; highest lower limits first.

    Parameters
    ----------
    columns
        Each of shape (rows,).
    losses
        Loss of each row, shape (rows,).
    fewest
        Fewest rows inside and outside of a slice.

    Returns
    -------
    list[Slice]
        p-values are one-sided and adjusted by Benjamini and Yekutieli (2001). Slices of the very same rows are given
        once, under the shorter name.
    """
    # Losses are centred, so that sums of squares lose no digits.
    mean = float(losses.mean())
    centred = losses - mean
    wanted = [(column,) for column in columns]
    pairs = itertools.combinations(columns, 2) if depth > 1 else ()
    marks = np.random.default_rng(0).random(losses.size)
    tested = [one for chosen in (*wanted, *pairs) if (one := _test(chosen, centred, marks, fewest)).rows.size]
    if not tested:
        return []
    adjusted = _adjust(np.concatenate([one.p for one in tested]))
    return sorted(_distinct(tested, adjusted, mean), key=lambda one: (-one.low, one.name))


def _test(chosen: Sequence[Parts], centred: Floats, marks: Floats, fewest: int) -> _Tested:
    codes, names = chosen[0].codes, chosen[0].names
    for other in chosen[1:]:
        codes = codes * len(other.names) + other.codes
        names = tuple(f"{mine}, {theirs}" for mine in names for theirs in other.names)
    n = centred.size
    rows = np.bincount(codes, minlength=len(names)).astype(np.float64)
    sums = np.bincount(codes, weights=centred, minlength=len(names))
    squares = np.bincount(codes, weights=centred**2, minlength=len(names))
    kept = np.flatnonzero((rows >= fewest) & (rows <= n - fewest))
    inside, outside = rows[kept], n - rows[kept]
    own, rest = sums[kept] / inside, -sums[kept] / outside
    gap = own - rest
    total = float((centred**2).sum())
    separate = (squares[kept] / inside - own**2) / (inside - 1) + ((total - squares[kept]) / outside - rest**2) / (
        outside - 1
    )
    pooled = total / n * (1 / inside + 1 / outside)
    error = np.sqrt(np.maximum(np.maximum(separate, pooled), 1e-300))
    tails = np.array([0.5 * math.erfc(z / math.sqrt(2)) for z in (gap / error).tolist()])
    same: Floats = np.bincount(codes, weights=marks, minlength=len(names)).astype(np.float64)[kept]
    return _Tested(tuple(names[place] for place in kept.tolist()), inside, own, gap, error, tails, same)


def _adjust(p: Floats) -> Floats:
    order = np.argsort(p, kind="stable")[::-1]
    factors = (1 / np.arange(1, p.size + 1)).sum() * p.size / np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(p[order] * factors), 1.0)
    return adjusted


def _distinct(tested: Sequence[_Tested], adjusted: Floats, mean: float) -> Iterator[Slice]:
    seen: set[float] = set()
    place = 0
    for one in tested:
        for at, name in enumerate(one.names):
            if one.marks[at] not in seen:
                seen.add(one.marks[at])
                loss, gap, half = (float(part[at]) for part in (one.loss, one.gap, Z * one.error))
                yield Slice(name, int(one.rows[at]), loss + mean, gap, gap - half, gap + half, float(adjusted[place]))
            place += 1


def _named(name: str, limits: Sequence[float]) -> Iterator[str]:
    if not limits:
        yield f"{name} any"
        return
    yield f"{name} up to {limits[0]:.6g}"
    for low, high in itertools.pairwise(limits):
        yield f"{name} over {low:.6g} to {high:.6g}"
    yield f"{name} over {limits[-1]:.6g}"
