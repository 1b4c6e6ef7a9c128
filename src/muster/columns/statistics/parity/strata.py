"""Comparisons within strata: a difference between two groups, holding declared business factors equal."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from muster.columns.arrow import Floats, Integers
from muster.columns.statistics.chi_square import tail
from muster.columns.statistics.intervals import Z


@dataclass(frozen=True, slots=True)
class StratifiedOdds:
    """Odds ratio common to all strata, with its 95 % interval and the test that it is 1."""

    value: float
    low: float
    high: float
    chi_square: float
    """Cochran-Mantel-Haenszel statistic without continuity correction, one degree of freedom."""
    strata: int
    """Strata with both groups and both decisions: the others say nothing about the odds."""
    rows: int
    homogeneity: float
    """Breslow and Day's statistic with Tarone's correction, that all strata have this ratio."""
    homogeneity_p: float
    """Its p-value on strata - 1 degrees of freedom; 1 where one stratum tells the groups apart."""


def stratified_odds(tables: Integers) -> StratifiedOdds:
    """Return the Mantel-Haenszel odds ratio of 2 x 2 tables, shape (strata, 2, 2): own group first, hits first.

    Point after Mantel and Haenszel (1959), standard error of its logarithm after Robins, Breslow and Greenland (1986),
    test after Cochran (1954) and Mantel (1963). The order of strata does not matter.

    Raises
    ------
    ValueError
        If no stratum has both groups and both decisions, or the ratio is 0 or infinite in all of them.
    """
    margins = (tables.sum(axis=1) > 0).all(axis=1) & (tables.sum(axis=2) > 0).all(axis=1)
    kept = tables[margins].astype(np.float64)
    if not len(kept):
        msg = "no stratum holds both groups and both decisions: give fewer or wider strata"
        raise ValueError(msg)
    a, b, c, d = kept[:, 0, 0], kept[:, 0, 1], kept[:, 1, 0], kept[:, 1, 1]
    n = a + b + c + d
    r, s = a * d / n, b * c / n
    if not (r.sum() and s.sum()):
        msg = "within strata every favourable decision went to one group: the odds ratio has no bounds"
        raise ValueError(msg)
    value = float(r.sum() / s.sum())
    half = Z * float(np.sqrt(_log_variance(r, s, (a + d) / n, (b + c) / n)))
    expected = (a + b) * (a + c) / n
    variance = ((a + b) * (c + d) * (a + c) * (b + d) / (n * n * np.maximum(n - 1, 1))).sum()
    chi = float((a - expected).sum() ** 2 / variance)
    apart, p = _homogeneity(kept, value)
    low, high = value * math.exp(-half), value * math.exp(half)
    return StratifiedOdds(value, low, high, chi, len(kept), int(n.sum()), apart, p)


def _homogeneity(tables: Floats, odds: float) -> tuple[float, float]:
    """Return the statistic of Breslow and Day (1980) with Tarone's (1985) correction, and its p-value.

    Each stratum's count is held against the one that its margins give under the common ratio, the root of a quadratic
    that lies between the least and the greatest count; it is written so that a ratio of 1 needs no case of its own.
    """
    if len(tables) < 2:
        return 0.0, 1.0
    a = tables[:, 0, 0]
    own, hits, total = tables[:, 0].sum(axis=1), tables[:, :, 0].sum(axis=1), tables.sum(axis=(1, 2))
    other = total - own
    linear = other - hits + odds * (own + hits)
    root = np.sqrt(linear**2 + 4 * (1 - odds) * odds * own * hits)
    expected = 2 * odds * own * hits / (linear + root)
    variance = 1 / (1 / expected + 1 / (own - expected) + 1 / (hits - expected) + 1 / (other - hits + expected))
    value = ((a - expected) ** 2 / variance).sum() - (a.sum() - expected.sum()) ** 2 / variance.sum()
    statistic = max(float(value), 0.0)
    return statistic, tail(statistic, len(tables) - 1)


def _log_variance(r: Floats, s: Floats, p: Floats, q: Floats) -> float:
    first = (p * r).sum() / (2 * r.sum() ** 2)
    second = (p * s + q * r).sum() / (2 * r.sum() * s.sum())
    third = (q * s).sum() / (2 * s.sum() ** 2)
    return float(first + second + third)


def disparity(cells: Integers) -> Floats:
    """Return demographic disparity by group: its share of the refused less its share of the favoured.

    Parameters
    ----------
    cells
        Counts of shape (..., groups, 2), refused first. Above 0, a group is refused more than it is favoured.

    Returns
    -------
    Floats
        Shape (..., groups); NaN where nobody is refused or nobody favoured.
    """
    of = cells.sum(axis=-2, keepdims=True).astype(np.float64)
    shares = cells / np.where(of > 0, of, np.nan)
    apart: Floats = shares[..., 0] - shares[..., 1]
    return apart


def conditional_disparity(cells: Integers) -> Floats:
    """Return demographic disparity within strata, averaged by their rows (Wachter, Mittelstadt and Russell 2021).

    Parameters
    ----------
    cells
        Counts of shape (..., strata, groups, 2). A stratum that refuses nobody, or favours nobody, treats its groups
        alike and counts as 0.
    """
    rows = cells.sum(axis=(-2, -1))
    within = np.nan_to_num(disparity(cells), nan=0.0)
    total = rows.sum(axis=-1, keepdims=True).astype(np.float64)
    weighted: Floats = (within * (rows / total)[..., None]).sum(axis=-2)
    return weighted
