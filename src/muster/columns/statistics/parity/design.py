"""Design: columns of a table as a matrix of numbers, for what regressions are fitted on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Floats, column_of, floats, is_number, places_of, texts
from muster.columns.statistics.bins import named_categories

DETERMINED = 1e-8
"""Share of a column's variance that is left, under which others are said to determine it."""


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

    Constant columns are left out, of the indicators of each category column that of the most frequent one, and any
    indicator that others determine: two columns are often missing in the same rows.

    Raises
    ------
    ValueError
        If a column is absent, or the values of one are determined by those before it (within rounding).
    """
    parts, owners = [np.empty((table.num_rows, 0))], []
    for name in names:
        matrix = encode(table, name)
        kind = column_of(table, name).type
        plain = is_number(kind) or pa.types.is_boolean(kind)
        if not plain:
            matrix = np.delete(matrix, int(matrix.sum(axis=0).argmax()), axis=1)
        parts.append(matrix)
        owners += [name if plain and place == 0 else "" for place in range(matrix.shape[1])]
    matrix = np.hstack(parts)
    spread = matrix.std(axis=0)
    varied = np.flatnonzero(spread > 0)
    scaled: Floats = (matrix[:, varied] - matrix[:, varied].mean(axis=0)) / spread[varied]
    kept = free(scaled)
    for place, owner in enumerate(owners[column] for column in varied.tolist()):
        if owner and place not in kept:
            msg = f"{owner} is determined by other columns of {', '.join(names)}: drop one of them"
            raise ValueError(msg)
    return scaled[:, kept]


def free(scaled: Floats) -> list[int]:
    """Return the places of standardised columns that those before them do not determine, by Cholesky's recurrence."""
    correlations = scaled.T @ scaled / max(len(scaled), 1)
    factors = np.zeros_like(correlations)
    kept: list[int] = []
    for place in range(scaled.shape[1]):
        for order, earlier in enumerate(kept):
            known = factors[place, :order] @ factors[earlier, :order]
            factors[place, order] = (correlations[place, earlier] - known) / factors[earlier, order]
        left = 1.0 - float(factors[place, : len(kept)] @ factors[place, : len(kept)])
        if left > DETERMINED:
            factors[place, len(kept)] = np.sqrt(left)
            kept.append(place)
    return kept
