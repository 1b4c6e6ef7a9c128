"""Divergences between two distributions of outcomes, from counts; vectorised over draws."""

from __future__ import annotations

import numpy as np

from muster.columns.arrow import Floats, Integers


def shares(counts: Integers) -> Floats:
    """Return the share of each outcome, shape (..., outcomes), half a row added to each so that none is 0."""
    found: Floats = (counts + 0.5) / (counts.sum(axis=-1, keepdims=True) + 0.5 * counts.shape[-1])
    return found


def kullback_leibler(p: Floats, q: Floats) -> Floats:
    """Return the sum of p ln(p / q) over the last axis (Kullback and Leibler 1951); shares must be above 0."""
    found: Floats = (p * np.log(p / q)).sum(axis=-1)
    return found


def jensen_shannon(p: Floats, q: Floats) -> Floats:
    """Return the mean divergence of both from their midpoint, at most ln 2 (Lin 1991)."""
    middle = (p + q) / 2
    found: Floats = (kullback_leibler(p, middle) + kullback_leibler(q, middle)) / 2
    return found
