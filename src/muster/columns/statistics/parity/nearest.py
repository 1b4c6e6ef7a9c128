"""Nearest rows by Euclidean distance, exactly, in blocks."""

from __future__ import annotations

import numpy as np

from muster.columns.arrow import Floats, Integers

BLOCK = 256


def nearest(matrix: Floats, count: int) -> Integers:
    """Return, for each row, the ``count`` nearest other rows, shape (rows, count); ties go to the earlier row.

    Parameters
    ----------
    matrix
        Shape (rows, columns), finite, with more rows than ``count``. Time grows with rows squared; memory with 256
        times the rows.
    """
    squares = (matrix**2).sum(axis=1)
    found = np.empty((len(matrix), count), dtype=np.int64)
    for start in range(0, len(matrix), BLOCK):
        block = matrix[start : start + BLOCK]
        distances = squares[start : start + BLOCK, None] - 2 * (block @ matrix.T) + squares
        # Rows that are equal must be equally far: what is left of rounding would order them by chance.
        distances = np.round(np.maximum(distances, 0.0), 9)
        distances[np.arange(len(block)), np.arange(start, start + len(block))] = np.inf
        limits = np.partition(distances, count - 1, axis=1)[:, count - 1]
        for row, limit in enumerate(limits.tolist()):
            near = np.flatnonzero(distances[row] <= limit)
            found[start + row] = near[np.argsort(distances[row][near], kind="stable")[:count]]
    return found
