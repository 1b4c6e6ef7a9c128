"""Tail probabilities of the distributions that tests refer to; no third library is loaded for them."""

from __future__ import annotations

import math

import numpy as np


def chi_square(statistic: float, degrees: int) -> float:
    """Return the upper tail of the chi-square distribution: the p-value of a statistic.

    The finite series of Abramowitz and Stegun 26.4.4 and 26.4.5, with terms on the log scale; O(degrees).

    Raises
    ------
    ValueError
        If there is not at least one degree of freedom.
    """
    if degrees < 1:
        msg = f"a chi-square statistic needs a degree of freedom, got {degrees}"
        raise ValueError(msg)
    half = statistic / 2
    if half <= 0:
        return 1.0
    odd = degrees % 2
    powers = [i + odd / 2 for i in range((degrees - odd) // 2)]
    terms = (math.exp(power * math.log(half) - half - math.lgamma(power + 1)) for power in powers)
    return min((math.erfc(math.sqrt(half)) if odd else 0.0) + math.fsum(terms), 1.0)


def fair_coin(heads: int, tosses: int) -> float:
    """Return the two-sided exact p-value of a fair coin; 1 where there are no tosses.

    Chances follow from one count to the next by the binomial recurrence, on the log scale; O(smaller count).
    """
    fewer = min(heads, tosses - heads)
    k = np.arange(1, fewer + 1, dtype=np.float64)
    logs = np.concatenate(([0.0], np.cumsum(np.log((tosses - k + 1) / k))))
    below = float(np.exp(logs - tosses * math.log(2)).sum())
    return min(2 * below, 1.0)
