"""Design: columns of a table as a matrix of numbers, for what regressions are fitted on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Floats, column_of, floats, is_number, places_of, texts
from muster.columns.statistics.bins import named_categories


def encode(table: pa.Table, name: str) -> Floats:
    """Return one column as numbers, shape (rows, columns): indicators of categories, and of missing numbers.

    A missing number becomes the median. Categories of fewer than 20 rows, and missing ones, share the last indicator.
    """
    kind = column_of(table, name).type
    if not (is_number(kind) or pa.types.is_boolean(kind)):
        values = texts(table, name)
        categories = named_categories(values, ())
        return np.eye(len(categories) + 1)[places_of(values, categories)]
    numbers = floats(table, name)
    absent = ~np.isfinite(numbers)
    if not absent.any():
        return numbers[:, None]
    middle = np.median(numbers[~absent]) if not absent.all() else 0.0
    return np.column_stack((np.where(absent, middle, numbers), absent.astype(np.float64)))


def independent(table: pa.Table, names: Sequence[str]) -> Floats:
    """Return columns as standardised numbers that do not determine each other, shape (rows, columns).

    Constant columns are left out, and of the indicators of each category column that of the most frequent one.

    Raises
    ------
    ValueError
        If a column is absent, or some still determine another (within rounding).
    """
    parts = []
    for name in names:
        matrix = encode(table, name)
        kind = column_of(table, name).type
        if not (is_number(kind) or pa.types.is_boolean(kind)):
            matrix = np.delete(matrix, int(matrix.sum(axis=0).argmax()), axis=1)
        parts.append(matrix)
    matrix = np.hstack(parts) if parts else np.empty((table.num_rows, 0))
    spread = matrix.std(axis=0)
    varied = spread > 0
    scaled: Floats = (matrix[:, varied] - matrix[:, varied].mean(axis=0)) / spread[varied]
    refuse_determined(scaled, names)
    return scaled


def refuse_determined(scaled: Floats, names: Sequence[str]) -> None:
    """Raise ValueError if a combination of standardised columns is (nearly) constant: weights would mean nothing."""
    if scaled.shape[1] and np.linalg.eigvalsh(scaled.T @ scaled / max(len(scaled), 1))[0] < 1e-8:
        msg = f"some of {', '.join(names)} determine another: drop one of them"
        raise ValueError(msg)
