"""Resampling of counts: a multinomial draw of cells is the bootstrap of rows, for whatever is made of those cells."""

from __future__ import annotations

import numpy as np

from muster.columns.arrow import Floats, Integers

DRAWS = 2000
SEED = 20240229
"""Fixed, so that the same counts give the same interval to the last bit."""


def redraw(cells: Integers, draws: int = DRAWS, seed: int = SEED) -> Integers:
    """Return bootstrap draws of counts, shape (draws, *cells.shape), each with as many rows as the cells have.

    Raises
    ------
    ValueError
        If there are no rows.
    """
    total = int(cells.sum())
    if total == 0:
        msg = "there are no rows to draw from"
        raise ValueError(msg)
    flat = cells.reshape(-1) / total
    drawn = np.random.default_rng(seed).multinomial(total, flat, size=draws)
    return drawn.astype(np.int64, copy=False).reshape(draws, *cells.shape)


def percentiles(value: float, drawn: Floats) -> tuple[float | None, float | None]:
    """Return the 95 % percentile interval of draws, shape (draws,), never without the point itself.

    Draws in which the figure does not exist (NaN: a group vanished) are left out; if more than one in twenty did, the
    interval is unknown (None), since the draws that are left are not typical.
    """
    there = drawn[~np.isnan(drawn)]
    if there.size < 0.95 * drawn.size:
        return None, None
    low, high = np.quantile(there, (0.025, 0.975))
    return min(float(low), value), max(float(high), value)
