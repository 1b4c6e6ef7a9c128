"""Averages and ratios of amounts with 95 % intervals, weighted or not: each from how single rows move the figure."""

from __future__ import annotations

import math

import numpy as np

from muster.columns.arrow import Floats
from muster.columns.statistics.intervals import Z

Estimate = tuple[float, float, float]
"""Value, lower and upper limit."""


def mean(values: Floats, weights: Floats | None = None) -> Estimate:
    """Return the mean of independent rows, shape (rows,), with its normal interval."""
    centre = float(np.average(values, weights=weights))
    return _around(centre, values - centre, weights)


def ratio(parts: Floats, wholes: Floats, weights: Floats | None = None) -> Estimate:
    """Return the sum of parts over the sum of wholes, rows in pairs; wholes must not add up to 0."""
    total = float(np.average(wholes, weights=weights))
    value = float(np.average(parts, weights=weights)) / total
    return _around(value, (parts - value * wholes) / total, weights)


def root(squares: Floats, weights: Floats | None = None) -> Estimate:
    """Return the root of a mean of squares: limits are the roots of the mean's, at least 0."""
    value, low, high = mean(squares, weights)
    return math.sqrt(value), math.sqrt(max(low, 0.0)), math.sqrt(high)


def explained(actual: Floats, predicted: Floats, weights: Floats | None = None) -> Estimate:
    """Return R squared: 1 less squared errors over squared distances from the mean.

    Both are sums over the same rows, so that it is 1 less a ratio; moving the mean moves the second sum by nothing to
    first order. For probabilities against outcomes it is the Brier skill score.

    Raises
    ------
    ValueError
        If all actual values are the same.
    """
    distance = (actual - np.average(actual, weights=weights)) ** 2
    if not distance.any():
        msg = "all actual values are the same: no share of their variance can be explained"
        raise ValueError(msg)
    value, low, high = ratio((actual - predicted) ** 2, distance, weights)
    return 1 - value, 1 - high, min(1 - low, 1.0)


def median(values: Floats) -> Estimate:
    """Return the median with the order statistics that enclose it in 95 % of samples, by the normal approximation."""
    ordered = np.sort(values)
    n, reach = ordered.size, Z * math.sqrt(values.size) / 2
    low, high = max(math.floor(n / 2 - reach), 0), min(math.ceil(n / 2 + reach), n - 1)
    return float(np.median(ordered)), float(ordered[low]), float(ordered[high])


def _around(value: float, moves: Floats, weights: Floats | None) -> Estimate:
    n = moves.size
    if n < 2:
        msg = "one row has no spread: at least two are needed for an interval"
        raise ValueError(msg)
    if weights is None:
        error = math.sqrt(float((moves**2).sum()) / (n - 1) / n)
    else:
        error = math.sqrt(float(((weights * moves) ** 2).sum()) * n / (n - 1)) / float(weights.sum())
    return value, value - Z * error, value + Z * error
