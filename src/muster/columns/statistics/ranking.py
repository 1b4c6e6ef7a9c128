"""Ranking measures of scores against labels: area under the ROC curve with DeLong's interval, Kolmogorov-Smirnov."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muster.columns.arrow import Bools, Floats, Integers
from muster.columns.statistics.intervals import Z, wilson


@dataclass(frozen=True, slots=True)
class Area:
    """Area under the ROC curve with its 95 % interval and standard error."""

    value: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, slots=True)
class Separation:
    """Largest distance between two distributions, and how many of each lie at or under that point."""

    value: float
    under: tuple[int, int]
    of: tuple[int, int]


def twice_midranks(values: Floats) -> Integers:
    """Return twice the midrank of each value (ties share the mean of their ranks, ranks from 1), exact integers."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    ends = np.append(starts[1:], values.size)
    ranks = np.empty(values.size, dtype=np.int64)
    ranks[order] = np.repeat(starts + 1 + ends, ends - starts)
    return ranks


def area(scores: Floats, labels: Bools) -> Area:
    """Return the probability that a positive row scores above a negative one, ties counting half.

    The point is one division of exact integers. Standard error by DeLong, DeLong and Clarke-Pearson (1988) through
    midranks as in Sun and Xu (2014), O(n log n); the interval is taken on the logit, so that it stays within 0 and 1.
    Where every pair is ordered (or none) that error is 0 and says nothing: the interval is then Wilson's for as many
    trials as the rarer class has rows.

    Raises
    ------
    ValueError
        If either class has fewer than two rows.
    """
    over, under = _sides(scores, labels)
    over.sort()
    under.sort()
    above, below = _twice_under(over, under), _twice_under(under, over)
    positives, negatives = above.size, below.size
    value = int(above.sum()) / (2 * positives * negatives)
    error = float(
        np.sqrt(
            np.var(above / (2 * negatives), ddof=1) / positives + np.var(below / (2 * positives), ddof=1) / negatives
        )
    )
    low, high = _logit_interval(value, error, min(positives, negatives))
    return Area(value, low, high, error)


def placements(scores: Floats, labels: Bools) -> tuple[Floats, Floats]:
    """Return, for each positive row, the share of negative rows under it; for each negative row, of positive ones over.

    Ties count half. Both means are the area under the ROC curve; their variances over numbers of rows add up to
    DeLong's. Raise ValueError if either class has fewer than two rows.
    """
    over, under = _sides(scores, labels)
    above, below = _twice_under(over, np.sort(under)), _twice_under(under, np.sort(over))
    return above / (2 * below.size), 1 - below / (2 * above.size)


def influences(scores: Floats, labels: Bools) -> Floats:
    """Return how much each row moves the area under the ROC curve, shape (rows,).

    They average 0, and their variance over the number of rows is DeLong's, so that areas of several scores on the same
    rows can be averaged or subtracted row by row.
    """
    over, under = placements(scores, labels)
    moves = np.empty(labels.size)
    moves[labels] = (over - over.mean()) * (labels.size / over.size)
    moves[~labels] = (under - under.mean()) * (labels.size / under.size)
    return moves


def areas(scores: Floats, groups: Sequence[Bools]) -> list[float]:
    """Return the area under the ROC curve for each group against all other rows, ranking the scores only once.

    A group of no row or of all rows has an area of 0.5.
    """
    ranks = twice_midranks(scores)
    found = []
    for inside in groups:
        members = int(np.count_nonzero(inside))
        pairs = members * (inside.size - members)
        above = int(ranks[inside].sum()) - members * (members + 1)
        found.append(above / (2 * pairs) if pairs else 0.5)
    return found


def separation(scores: Floats, labels: Bools) -> Separation:
    """Return the Kolmogorov-Smirnov distance between the scores of positive and negative rows.

    Both must have a row. Of several points as far apart, the lowest is taken.
    """
    over, under = np.sort(scores[labels]), np.sort(scores[~labels])
    found = []
    for points in (over, under):
        positives = np.searchsorted(over, points, side="right")
        negatives = np.searchsorted(under, points, side="right")
        apart = np.abs(positives / over.size - negatives / under.size)
        place = int(np.argmax(apart))
        found.append((-float(apart[place]), float(points[place]), (int(positives[place]), int(negatives[place]))))
    value, _, beneath = min(found)
    return Separation(-value, beneath, (over.size, under.size))


def _sides(scores: Floats, labels: Bools) -> tuple[Floats, Floats]:
    """Return copies of the scores of positive and of negative rows."""
    over, under = scores[labels], scores[~labels]
    if min(over.size, under.size) < 2:
        msg = f"ranking needs two rows of each class, there are {over.size} positive and {under.size} negative"
        raise ValueError(msg)
    return over, under


def _twice_under(values: Floats, ordered: Floats) -> Integers:
    """Return, for each value, how many of the ordered ones lie under it, plus how many lie under or at it."""
    twice = np.searchsorted(ordered, values, side="left")
    twice += np.searchsorted(ordered, values, side="right")
    return twice


def _logit_interval(value: float, error: float, fewest: int) -> tuple[float, float]:
    if error == 0.0 or not 0.0 < value < 1.0:
        low, high = wilson(value * fewest, fewest)
        return float(low), float(high)
    centre, half = np.log(value / (1 - value)), Z * error / (value * (1 - value))
    return float(1 / (1 + np.exp(half - centre))), float(1 / (1 + np.exp(-half - centre)))
