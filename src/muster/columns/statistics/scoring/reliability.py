"""Reliability: tests and summaries of whether scores are the probabilities that they claim to be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from muster.columns.arrow import Bools, Floats, Integers

SURE = 1e-12
"""Scores nearer to 0 or 1 than this are moved to it: their log odds would otherwise be too large to fit."""
MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Recalibration:
    """Log odds of the outcome = intercept + slope x log odds of the score, with standard errors (Cox 1958)."""

    intercept: float
    slope: float
    errors: tuple[float, float]


def spiegelhalter(scores: Floats, labels: Bools) -> float:
    """Return the standard normal statistic of Spiegelhalter (1986): positive where the Brier score is too high.

    Raises
    ------
    ValueError
        If every score is 0, one half or 1: the statistic then has no variance.
    """
    tilt = 1 - 2 * scores
    variance = float((tilt**2 * scores * (1 - scores)).sum())
    if variance == 0.0:
        msg = "every score is 0, one half or 1: Spiegelhalter's statistic has no variance"
        raise ValueError(msg)
    return float(((labels - scores) * tilt).sum()) / math.sqrt(variance)


def hosmer_lemeshow(rows: Integers, positives: Integers, means: Floats) -> float:
    """Return the chi-square statistic of observed against expected positives by score bin (Hosmer, Lemeshow 1980)."""
    expected = rows * means
    variance = np.maximum(expected * (1 - means), SURE)
    return float(((positives - expected) ** 2 / variance).sum())


def recalibrate(scores: Floats, labels: Bools, *, slope: bool = True) -> Recalibration:
    """Fit labels on the log odds of scores by maximum likelihood, with Newton's method.

    Parameters
    ----------
    slope
        Whether the slope is fitted too; else it is held at 1, and the intercept is calibration in the large.

    Raises
    ------
    ValueError
        If all scores are the same, or they part the classes: there is then no such fit.
    """
    sure = np.clip(scores, SURE, 1 - SURE)
    odds = np.log(sure) - np.log1p(-sure)
    if slope and odds.min() == odds.max():
        msg = "all scores are the same: a slope of calibration does not exist"
        raise ValueError(msg)
    free = np.array([True, slope])
    # From no slope: there the curvature is never small, and Newton's steps are well scaled.
    rate = float(np.mean(labels))
    weights = np.array([math.log(rate / (1 - rate)), 0.0] if slope else [0.0, 1.0])
    for _ in range(MOST_STEPS):
        chance = 0.5 * (1 + np.tanh(0.5 * (weights[0] + weights[1] * odds)))
        spread = chance * (1 - chance)
        curve = np.array([[spread.sum(), (spread * odds).sum()], [0.0, (spread * odds**2).sum()]])
        curve[1, 0] = curve[0, 1]
        up = np.array([(labels - chance).sum(), ((labels - chance) * odds).sum()])[free]
        step = np.linalg.solve(curve[np.ix_(free, free)], up) if curve[0, 0] > SURE else np.full(up.shape, np.inf)
        if not np.isfinite(step).all() or np.abs(weights).max() > 1e3:
            break
        weights[free] += np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-9:
            spreads = np.zeros(2)
            spreads[free] = np.sqrt(np.diag(np.linalg.inv(curve[np.ix_(free, free)])))
            return Recalibration(float(weights[0]), float(weights[1]), (float(spreads[0]), float(spreads[1])))
    msg = "the scores part positive rows from negative ones: intercept and slope of calibration do not exist"
    raise ValueError(msg)


def parts_of_brier(rows: Floats, positives: Floats, means: Floats) -> tuple[Floats, Floats, Floats]:
    """Return reliability, resolution and uncertainty (Murphy 1973) of bins, shape (..., bins).

    Brier score = reliability - resolution + uncertainty, plus what differs within bins (Stephenson et al. 2008).
    """
    n = rows.sum(axis=-1)
    rates = np.divide(positives, rows, out=np.zeros_like(rows), where=rows > 0)
    overall = positives.sum(axis=-1) / n
    reliability = (rows * (means - rates) ** 2).sum(axis=-1) / n
    resolution = (rows * (rates - overall[..., None]) ** 2).sum(axis=-1) / n
    return reliability, resolution, overall * (1 - overall)
