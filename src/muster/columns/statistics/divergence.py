"""Distances between the counts of a reference and those of a window, in the same bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muster.columns.arrow import Floats, Integers
from muster.columns.statistics.intervals import Z


@dataclass(frozen=True, slots=True)
class Stability:
    """Population stability index without the part that sampling alone is expected to give."""

    value: float
    low: float
    high: float
    raw: float
    expected: float


def coarsen(reference: Integers, wanted: int) -> NDArray[np.int64]:
    """Return, for each fine bin, which of at most ``wanted`` coarse bins it belongs to, shape (bins,).

    Neighbours are joined so that coarse bins hold about equal shares of the reference.
    """
    total = max(int(reference.sum()), 1)
    middle = (np.cumsum(reference) - reference / 2) / total
    codes = np.minimum((middle * wanted).astype(np.int64), wanted - 1)
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)


def stability(reference: Integers, window: Integers) -> Stability:
    """Return the population stability index of two count vectors, shape (bins,), corrected for sampling.

    The index is the sum of (p - q) ln(p / q), the Jeffreys divergence. Half a count is added to every bin, so that an
    empty bin costs much but not infinity. Where nothing has moved its mean is (bins - 1)(1/n + 1/m): that much is taken
    off, and a negative rest is reported as 0. The interval is normal, its variance the delta method's (how the index
    moves with p and q) plus that of the chi-square part, 2 (bins - 1)(1/n + 1/m)^2, which alone is left when nothing
    has moved (Yurdakul and Naranjo 2020).

    Raises
    ------
    ValueError
        If either side has no rows.
    """
    n, m = int(reference.sum()), int(window.sum())
    if n == 0 or m == 0:
        msg = f"cannot compare {n} reference rows with {m} rows: both must have some"
        raise ValueError(msg)
    p, q = _shares(reference), _shares(window)
    logs = np.log(p / q)
    raw = float(((p - q) * logs).sum())
    rate, bins = 1 / n + 1 / m, reference.size
    expected = (bins - 1) * rate
    by_p, by_q = logs + 1 - q / p, 1 - p / q - logs
    variance = _variance(by_p, p) / n + _variance(by_q, q) / m + 2 * (bins - 1) * rate**2
    half = Z * float(np.sqrt(variance))
    corrected = raw - expected
    return Stability(max(corrected, 0.0), max(corrected - half, 0.0), max(corrected + half, 0.0), raw, expected)


def distance(reference: Integers, window: Integers) -> tuple[float, int]:
    """Return the Kolmogorov-Smirnov distance between counts of ordered bins, and the bin where it is largest."""
    apart = np.abs(np.cumsum(reference) / reference.sum() - np.cumsum(window) / window.sum())
    place = int(np.argmax(apart))
    return float(apart[place]), place


def _shares(counts: Integers) -> Floats:
    shares: Floats = (counts + 0.5) / (counts.sum() + 0.5 * counts.size)
    return shares


def _variance(slope: Floats, shares: Floats) -> float:
    return float((shares * slope**2).sum() - (shares * slope).sum() ** 2)
