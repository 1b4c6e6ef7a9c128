"""Significance of differences between two proportions, and its control when many are looked at; no third library."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from muster.columns.arrow import Floats

NEARLY = 1e-7
"""Tables this close in probability to the one observed count as equally likely, as in R and SciPy."""


def two_proportions(hits: int, trials: int, other_hits: int, other_trials: int) -> float:
    """Return the pooled z statistic of p - q in standard deviations; 0 where everyone or nobody is a hit.

    Both numbers of trials must be above 0. Its square is Pearson's chi-square of the 2 x 2 table.
    """
    pooled = (hits + other_hits) / (trials + other_trials)
    error = math.sqrt(pooled * (1 - pooled) * (1 / trials + 1 / other_trials))
    return (hits / trials - other_hits / other_trials) / error if error else 0.0


def normal_p(z: float) -> float:
    """Return the two-sided p-value of a standard normal statistic."""
    return math.erfc(abs(z) / math.sqrt(2))


def fisher_p(hits: int, trials: int, other_hits: int, other_trials: int) -> float:
    """Return the two-sided p-value of Fisher's exact test: all tables with these margins that are no likelier.

    Probabilities follow from one to the next by the hypergeometric recurrence, on the log scale, so that no factorial
    is computed; O(smaller margin) in time and memory.
    """
    total, chosen = trials + other_trials, hits + other_hits
    least, most = max(0, chosen - other_trials), min(trials, chosen)
    x = np.arange(least, most, dtype=np.float64)
    # p(x + 1) / p(x) of a hypergeometric distribution.
    steps = np.log((trials - x) * (chosen - x)) - np.log((x + 1) * (total - trials - chosen + x + 1))
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    chances = np.exp(logs - logs.max())
    observed = chances[hits - least]
    return min(float(chances[chances <= observed * (1 + NEARLY)].sum() / chances.sum()), 1.0)


def smallest_expected(hits: int, trials: int, other_hits: int, other_trials: int) -> float:
    """Return the smallest expected count of the 2 x 2 table if there were no difference."""
    total, chosen = trials + other_trials, hits + other_hits
    return min(trials, other_trials) * min(chosen, total - chosen) / total


def holm(p_values: Sequence[float]) -> Floats:
    """Return p-values adjusted so that the chance of any false finding stays bounded (Holm 1979)."""
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    factors = p.size - np.arange(p.size)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> Floats:
    """Return p-values adjusted so that the share of false findings stays bounded (Benjamini and Hochberg 1995)."""
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")[::-1]
    factors = p.size / np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(p[order] * factors), 1.0)
    return adjusted
