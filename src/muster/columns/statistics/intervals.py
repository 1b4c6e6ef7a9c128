"""Confidence intervals (95 %) of proportions, their differences and their ratios, from integer counts; vectorised."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from muster.columns.arrow import Floats

Z = 1.959963984540054
"""97.5 % point of the standard normal distribution."""

Pair = tuple[Floats, Floats]
"""Lower and upper limits."""


def wilson(hits: ArrayLike, trials: ArrayLike, z: float = Z) -> Pair:
    """Return the score interval of a proportion (Wilson 1927); [0, 1] where there are no trials.

    Parameters
    ----------
    hits, trials
        Counts of any shapes that broadcast; fractional counts are allowed.
    """
    k, n = np.asarray(hits, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    safe = np.where(n > 0, n, 1.0)
    rate = k / safe
    centre = (rate + z * z / (2 * safe)) / (1 + z * z / safe)
    half = z / (1 + z * z / safe) * np.sqrt(rate * (1 - rate) / safe + z * z / (4 * safe * safe))
    low = np.where(k <= 0, 0.0, np.clip(centre - half, 0.0, 1.0))
    high = np.where(k >= n, 1.0, np.clip(centre + half, 0.0, 1.0))
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def difference(hits: ArrayLike, trials: ArrayLike, other_hits: ArrayLike, other_trials: ArrayLike) -> Pair:
    """Return the interval of p - q for two independent proportions.

    Hybrid score method, number 10 in Newcombe, "Interval estimation for the difference between independent
    proportions" (1998): the Wilson limits of both are combined, so that it holds for small counts and at 0 and 1.
    """
    p, q = _rate(hits, trials), _rate(other_hits, other_trials)
    p_low, p_high = wilson(hits, trials)
    q_low, q_high = wilson(other_hits, other_trials)
    low = p - q - np.sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    high = p - q + np.sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return np.maximum(low, -1.0), np.minimum(high, 1.0)


def ratio(hits: ArrayLike, trials: ArrayLike, other_hits: ArrayLike, other_trials: ArrayLike) -> Pair:
    """Return the interval of p / q for two independent proportions; q must not be 0.

    Logarithms of the Wilson limits of both are combined by the method of variance estimates recovery (Zou and
    Donner 2008). Unlike the log-ratio delta method (Katz 1978) it keeps its width where everyone or nobody is
    favoured; with no hits the lower limit is 0 and half a hit stands in for the point, as a continuity correction.
    """
    k, n = np.asarray(hits, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    p, q = np.log(_rate(np.maximum(k, 0.5), n)), np.log(_rate(other_hits, other_trials))
    p_low, p_high = wilson(k, n)
    q_low, q_high = wilson(other_hits, other_trials)
    below = p - np.log(np.where(k > 0, p_low, 1.0))
    low = np.where(k > 0, np.exp(p - q - np.sqrt(below**2 + (np.log(q_high) - q) ** 2)), 0.0)
    above = np.maximum(np.log(p_high) - p, 0.0)
    return low, np.exp(p - q + np.sqrt(above**2 + (q - np.log(q_low)) ** 2))


def mean(values: Floats) -> tuple[float, float, float]:
    """Return mean and normal interval of independent values, shape (rows,)."""
    centre = float(values.mean())
    half = Z * float(values.std(ddof=1)) / float(np.sqrt(values.size)) if values.size > 1 else float("inf")
    return centre, centre - half, centre + half


def absolute(low: ArrayLike, high: ArrayLike) -> Pair:
    """Turn the interval of a difference into that of its absolute value; it reaches 0 where the signs differ."""
    below, above = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    nearest = np.minimum(np.abs(below), np.abs(above))
    return np.where(below * above <= 0, 0.0, nearest), np.maximum(np.abs(below), np.abs(above))


def _rate(hits: ArrayLike, trials: ArrayLike) -> Floats:
    rates: Floats = np.asarray(hits, dtype=np.float64) / np.asarray(trials, dtype=np.float64)
    return rates
