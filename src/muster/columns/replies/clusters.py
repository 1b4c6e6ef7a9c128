"""Intervals of proportions whose trials come in clusters: answers to one question, packages of one answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from muster.columns.arrow import Floats
from muster.columns.statistics.intervals import wilson

METHOD = (
    "Wilson's interval for the effective number of trials: the number divided by the design effect (Kish 1965) of the "
    "questions, with the ratio estimator's variance; where all or no trials hit, each question counts as one."
)


def clustered(hits: ArrayLike, trials: ArrayLike, clusters: Sequence[object]) -> tuple[float, float, float]:
    """Return a proportion with its 95 % interval.

    Parameters
    ----------
    hits, trials
        Counts of each unit, shape (units,); the trials of all units together must not be 0.
    clusters
        Which cluster each unit belongs to, length units.

    Returns
    -------
    tuple[float, float, float]
        Value, lower and upper limit. The interval is never narrower than that of independent trials.
    """
    _, place = np.unique(np.asarray(clusters, dtype=np.str_), return_inverse=True)
    hit: Floats = np.bincount(place, np.asarray(hits, dtype=np.float64)).astype(np.float64)
    tried: Floats = np.bincount(place, np.asarray(trials, dtype=np.float64)).astype(np.float64)
    hit, tried = hit[tried > 0], tried[tried > 0]
    total = float(tried.sum())
    rate = float(hit.sum()) / total
    size = _effective(hit, tried, rate, total)
    low, high = wilson(rate * size, size)
    return rate, min(float(low), rate), max(float(high), rate)


def _effective(hit: Floats, tried: Floats, rate: float, total: float) -> float:
    count = tried.size
    if rate in (0.0, 1.0) or count < 2:
        return float(count)
    spread = float(((hit - rate * tried) ** 2).sum()) * count / (count - 1) / total**2
    return total / max(1.0, spread / (rate * (1 - rate) / total))
