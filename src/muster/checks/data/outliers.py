"""Outliers: numbers far from all others, and values outside of what the model was fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.data.asked import columns_of, rows_of
from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.checks.parameters import number
from muster.columns.arrow import Bools, Floats, column_of, floats, is_number, missing, places_of, texts
from muster.columns.sample import Sample
from muster.columns.statistics.bins import named_categories
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Far is more than {spread:g} interquartile ranges below the first or above the third quartile of the column (outer "
    "fences, Tukey 1977); a column half of whose values are equal has no such range and is left out. Outside is below "
    "the least or above the greatest value, or a category, that {companion} does not have. Wilson's intervals."
)


@check("data.outliers", version=1, parameters=("columns", "spread"))
def outliers(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure the share of values that are far from the others or outside of the training rows.

    ``columns``: which to look at (the model's inputs); ``spread``: interquartile ranges beyond which a number is far
    (3). Figures are ``outlier_share``, ``infinite_share`` and, with training rows beside the sample, ``outside_share``.
    """
    rows_of(sample)
    names, spread = columns_of(sample, parameters), number(parameters, "spread", 3.0, least=0.5, most=100.0)
    figures = [figure for name in names for figure in _column(sample, name, spread)]
    if not figures:
        msg = "none of the columns has numbers with a spread, and there are no training rows to compare with"
        raise ValueError(msg)
    beside = sample.companion.label if sample.companion else "the training rows (none were given)"
    return Measurement(tuple(figures), method=METHOD.format(spread=spread, companion=beside))


def _column(sample: Sample, name: str, spread: float) -> Iterator[Figure]:
    numeric = is_number(column_of(sample.table, name).type)
    if numeric:
        yield from _far(name, floats(sample.table, name), spread)
    if sample.companion is not None and name in sample.companion.table.column_names:
        other = sample.companion.table
        outside = _outside(sample.table, other, name) if numeric else _unseen(sample.table, other, name)
        yield proportion("outside_share", int(np.count_nonzero(outside)), sample.rows, name)


def _far(name: str, values: Floats, spread: float) -> Iterator[Figure]:
    if np.isinf(values).any():
        yield proportion("infinite_share", int(np.count_nonzero(np.isinf(values))), values.size, name)
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return
    first, third = np.percentile(finite, (25, 75))
    reach = spread * (third - first)
    if reach > 0:
        low, high = first - reach, third + reach
        far = int(np.count_nonzero((finite < low) | (finite > high)))
        yield proportion("outlier_share", far, finite.size, name, f"below {low:g} or above {high:g}")


def _outside(table: pa.Table, other: pa.Table, name: str) -> Bools:
    values, fitted = floats(table, name), floats(other, name)
    known = fitted[np.isfinite(fitted)]
    if known.size == 0:
        return ~np.isnan(values)
    outside: Bools = (values < known.min()) | (values > known.max())
    return outside


def _unseen(table: pa.Table, other: pa.Table, name: str) -> Bools:
    seen = named_categories(texts(other, name), (), most=other.num_rows, fewest=1)
    unseen: Bools = (places_of(texts(table, name), seen) == len(seen)) & ~missing(table, name)
    return unseen
