"""Chi-square: whether counts fit expected shares, with the tail probability in closed form."""

from __future__ import annotations

import math

import numpy as np

from muster.columns.arrow import Floats, Integers


def tail(value: float, degrees: int) -> float:
    """Return P(X >= value) for a chi-square variable with whole degrees of freedom.

    Finite sums of Abramowitz and Stegun (1964), 26.4.4 and 26.4.5, on the log scale so that nothing overflows.

    Raises
    ------
    ValueError
        If there is no degree of freedom.
    """
    if degrees < 1:
        msg = f"a chi-square test needs one degree of freedom, there are {degrees}"
        raise ValueError(msg)
    if value <= 0.0:
        return 1.0
    half = value / 2
    if degrees % 2 == 0:
        terms = [k * math.log(half) - math.lgamma(k + 1) - half for k in range(degrees // 2)]
        return min(1.0, math.fsum(math.exp(term) for term in terms))
    terms = [(k + 0.5) * math.log(half) - math.lgamma(k + 1.5) - half for k in range(degrees // 2)]
    return min(1.0, math.erfc(math.sqrt(half)) + math.fsum(math.exp(term) for term in terms))


def against_shares(counts: Integers, shares: Floats) -> tuple[float, float]:
    """Return Pearson's statistic of counts against shares that are taken as exact, and its p-value; both (cells,).

    Shares must be above 0 and sum to 1.
    """
    expected = shares * counts.sum()
    value = float(((counts - expected) ** 2 / expected).sum())
    return value, tail(value, counts.size - 1)


def between(counts: Integers, others: Integers) -> tuple[float, float]:
    """Return Pearson's statistic of two samples over the same cells, and its p-value; cells empty in both are left out.

    Raises
    ------
    ValueError
        If fewer than two cells hold anything, or one sample is empty.
    """
    pair = np.vstack((counts, others)).astype(np.float64)
    pair = pair[:, pair.sum(axis=0) > 0]
    expected = np.outer(pair.sum(axis=1), pair.sum(axis=0)) / max(pair.sum(), 1.0)
    if pair.shape[1] < 2 or (expected == 0).any():
        msg = "two samples are compared over two cells or more, and each needs rows"
        raise ValueError(msg)
    value = float(((pair - expected) ** 2 / expected).sum())
    return value, tail(value, pair.shape[1] - 1)
