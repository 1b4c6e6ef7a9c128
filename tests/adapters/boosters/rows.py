"""Rows that boosted trees learn from and would stumble over: zeros, gaps, values at every threshold and beside it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from muster.columns.forms import Trees

Floats = NDArray[np.float64]

SMALL = (0.0, -0.0, 1e-36, -1e-36, 1e-35, -1e-35, 1.1e-35, -1.1e-35, np.nan, 3e38, -3e38)


def learnt(rows: int = 1500, seed: int = 4) -> tuple[Floats, NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(rows, 4))
    matrix[:, 1] = np.round(matrix[:, 1] * 4)
    matrix[rng.random((rows, 4)) < 0.1] = np.nan
    matrix[:, 3] = np.where(rng.random(rows) < 0.5, 0.0, matrix[:, 3])
    margin = np.nan_to_num(matrix[:, 0]) + (matrix[:, 3] == 0) - np.isnan(matrix[:, 2]) + rng.normal(size=rows)
    return matrix, (margin > 0.3).astype(np.int64)


def at_the_edges(form: Trees, matrix: Floats) -> Floats:
    """Rows with one value each at a threshold, one float64 and one float32 step to each side, and the odd ones."""
    made = []
    for tree in form.trees:
        for node in np.flatnonzero(~tree.leaf):
            row, feature = matrix[int(node) % len(matrix)], int(tree.feature[node])
            made += [_with(row, feature, value) for value in _around(float(tree.threshold[node]))]
    made += [_with(matrix[0], feature, value) for feature in range(matrix.shape[1]) for value in SMALL]
    return np.array(made)


def _around(value: float) -> Iterable[float]:
    single = np.float32(value)
    yield from (value, np.nextafter(value, -np.inf), np.nextafter(value, np.inf), float(single))
    yield from (float(np.nextafter(single, np.float32(end))) for end in (-np.inf, np.inf))


def _with(row: Floats, feature: int, value: float) -> Floats:
    changed = row.copy()
    changed[feature] = value
    return changed
