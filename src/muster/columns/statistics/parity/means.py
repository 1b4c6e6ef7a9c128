"""Means of two groups of people: their difference, plain and in standard deviations."""

from __future__ import annotations

import math

from muster.columns.arrow import Floats
from muster.columns.statistics.intervals import Z


def apart(own: Floats, standard: Floats) -> tuple[float, float, float]:
    """Return the difference of means, own less standard, with its normal interval; variances may differ (Welch 1947).

    Both need two values or more.
    """
    value = float(own.mean() - standard.mean())
    half = Z * math.sqrt(float(own.var(ddof=1)) / own.size + float(standard.var(ddof=1)) / standard.size)
    return value, value - half, value + half


def standardised(own: Floats, standard: Floats) -> tuple[float, float, float]:
    """Return the difference of means over the pooled standard deviation, with its large-sample interval.

    Hedges and Olkin, "Statistical Methods for Meta-Analysis" (1985), chapter 5. Both need two values or more. Where
    nothing varies and the means are equal it is 0, exactly.

    Raises
    ------
    ValueError
        If neither group varies and their means differ: there is nothing to divide by.
    """
    n, m = own.size, standard.size
    pooled = math.sqrt(((n - 1) * float(own.var(ddof=1)) + (m - 1) * float(standard.var(ddof=1))) / (n + m - 2))
    difference = float(own.mean() - standard.mean())
    if pooled == 0.0:
        if difference == 0.0:
            return 0.0, 0.0, 0.0
        msg = "values do not vary within either group: there is no standard deviation to divide by"
        raise ValueError(msg)
    value = difference / pooled
    half = Z * math.sqrt((n + m) / (n * m) + value * value / (2 * (n + m)))
    return value, value - half, value + half
