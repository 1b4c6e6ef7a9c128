"""Two models on the same rows: whether one ranks or decides better than the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from muster.columns.arrow import Bools, Floats
from muster.columns.statistics.intervals import Z, wilson
from muster.columns.statistics.ranking import placements
from muster.columns.statistics.scoring.tails import fair_coin


@dataclass(frozen=True, slots=True)
class Difference:
    """First less second, with 95 % interval and the two-sided p-value of no difference."""

    value: float
    low: float
    high: float
    p: float


def areas(first: Floats, second: Floats, labels: Bools) -> Difference:
    """Compare areas under the ROC curve (DeLong, DeLong and Clarke-Pearson 1988).

    Where every row is placed alike by both, there is no difference and p is 1.

    Raises
    ------
    ValueError
        If either class has fewer than two rows.
    """
    apart = [mine - other for mine, other in zip(placements(first, labels), placements(second, labels), strict=True)]
    value = float(apart[0].mean())
    error = math.sqrt(sum(float(np.var(side, ddof=1)) / side.size for side in apart))
    if error == 0.0:
        return Difference(value, value, value, 0.0 if value else 1.0)
    low, high = max(value - Z * error, -1.0), min(value + Z * error, 1.0)
    return Difference(value, low, high, math.erfc(abs(value) / error / math.sqrt(2)))


def shares(first: Bools, second: Bools) -> Difference:
    """Compare the shares of True on the same rows, such as of right decisions.

    p-value of McNemar's test in its exact form; interval by method 10 of Newcombe, "Improved confidence intervals for
    the difference between binomial proportions based on paired data" (1998): score limits of both shares, and how the
    two go together.
    """
    n = first.size
    both, only = int(np.count_nonzero(first & second)), int(np.count_nonzero(first & ~second))
    other = int(np.count_nonzero(second)) - both
    neither = n - both - only - other
    p, q = (both + only) / n, (both + other) / n
    (p_low, q_low), (p_high, q_high) = wilson([both + only, both + other], n)
    tie = _together(both, only, other, neither)
    below, above = (p - p_low, q_high - q), (p_high - p, q - q_low)
    low = p - q - math.sqrt(max(below[0] ** 2 - 2 * tie * below[0] * below[1] + below[1] ** 2, 0.0))
    high = p - q + math.sqrt(max(above[0] ** 2 - 2 * tie * above[0] * above[1] + above[1] ** 2, 0.0))
    return Difference(p - q, low, high, fair_coin(only, only + other))


def _together(both: int, only: int, other: int, neither: int) -> float:
    """Return the correlation of the two, with the continuity correction of the paper; 0 where one is constant."""
    margins = (both + only) * (other + neither) * (both + other) * (only + neither)
    if margins == 0:
        return 0.0
    apart, n = both * neither - only * other, both + only + other + neither
    corrected = max(apart - n / 2, 0.0) if apart > 0 else float(apart)
    return corrected / math.sqrt(margins)
