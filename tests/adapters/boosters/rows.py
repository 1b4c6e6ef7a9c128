"""Rows that boosted trees learn from and would stumble over: zeros, gaps, values at every threshold and beside it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.sets import Extra
from muster.columns.encoding.steps import run
from muster.columns.forms import Trees

Floats = NDArray[np.float64]

CODES = (*range(-2, 42), -0.5, -1e-30, 0.9, 2.999999999, 3.0000001, 33.5, 2.0**24, 2.0**31, -(2.0**31), 3e38, np.nan)
"""Categories, what rounds or is cut off to one, and what is none."""

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


def wider(matrix: Floats, extras: Iterable[Extra]) -> Floats:
    """The matrix with the columns that trees ask beside it."""
    made = [*matrix.T]
    for column, steps in extras:
        values = matrix[:, column]
        for step in steps:
            values = run(step, values)
        made.append(values)
    return np.stack(made, axis=1)


def categorical(rows: int = 1500) -> tuple[Floats, NDArray[np.int64]]:
    """Codes of categories in the first column, some of them missing, and a number."""
    rng = np.random.default_rng(8)
    matrix = np.stack([rng.integers(0, 40, rows).astype(np.float64), rng.normal(size=rows)], axis=1)
    labels = (np.isin(matrix[:, 0], rng.permutation(40)[:17]) + matrix[:, 1] + rng.normal(size=rows) > 0.6).astype(int)
    matrix[rng.random(rows) < 0.05, 0] = np.nan
    return matrix, labels


def of_any_code(matrix: Floats) -> Floats:
    """Rows that are met with every code."""
    made = matrix[np.arange(len(CODES) * 8) % len(matrix)]
    made[:, 0] = np.repeat(CODES, 8)
    return np.concatenate([matrix, made])
