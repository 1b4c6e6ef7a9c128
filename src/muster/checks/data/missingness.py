"""Missingness: which values are absent, and whether they are absent for some groups more than for others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.data.asked import columns_of, rows_of
from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.checks.parameters import bands, text
from muster.columns.arrow import Bools, missing
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import Grouping
from muster.columns.statistics.intervals import difference
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Nulls and NaN. Wilson's interval of shares; each group against all other rows, Newcombe's interval of the "
    "difference. Columns without a missing value have no difference to show."
)


@check("data.missingness", version=1, parameters=("columns", "attribute", "bands"))
def missingness(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure the share of missing values: ``missing_share`` of each column, ``missing_difference`` between groups.

    ``columns``: which to look at (the model's inputs); ``attribute``: column of groups to compare; ``bands``: lower
    limits of numeric groups.
    """
    total = rows_of(sample)
    absent = {name: missing(sample.table, name) for name in columns_of(sample, parameters)}
    figures = [proportion("missing_share", int(np.count_nonzero(rows)), total, name) for name, rows in absent.items()]
    attribute = text(parameters, "attribute")
    limits = bands(parameters, attribute)
    if attribute:
        grouping = sample.groups(attribute, limits)
        for name, rows in absent.items():
            figures += _differences(name, rows, grouping)
    return Measurement(tuple(figures), method=METHOD)


def _differences(name: str, absent: Bools, grouping: Grouping) -> Iterator[Figure]:
    sizes, hits = grouping.counts(), grouping.counts(absent)
    total, every = int(sizes.sum()), int(hits.sum())
    if every == 0:
        return
    for code in np.flatnonzero((sizes > 0) & (sizes < total)).tolist():
        n, k = int(sizes[code]), int(hits[code])
        low, high = difference(k, n, every - k, total - n)
        apart = k / n - (every - k) / (total - n)
        yield Figure("missing_difference", apart, n, float(low), float(high), f"{name}, {grouping.label(code)}")
