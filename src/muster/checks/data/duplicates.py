"""Duplicates: rows that are in the sample more than once, so that it says less than its size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from muster.checks.data.asked import rows_of
from muster.checks.declare import check
from muster.checks.figures import exact, proportion
from muster.checks.parameters import optional_names
from muster.columns.sample import Sample
from muster.columns.statistics.rows import row_codes
from muster.records.evidence import Measurement

METHOD = (
    "A row is a duplicate when it equals an earlier one in every column compared, missing values equal to each other; "
    "Wilson's interval."
)


@check("data.duplicates", version=1, parameters=("ignore", "columns"))
def duplicates(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure which share of rows repeats another: ``duplicate_share``, and how often the commonest row occurs.

    ``columns``: which make a row the same (all of the table); ``ignore``: columns to leave aside, such as a running
    number.
    """
    total = rows_of(sample)
    ignored = optional_names(parameters, "ignore")
    names = [name for name in optional_names(parameters, "columns", sample.table.column_names) if name not in ignored]
    (codes,) = row_codes([sample.table], names)
    counts = np.bincount(codes)
    note = f"over {len(names)} columns"
    repeats = total - int(np.count_nonzero(counts))
    figures = (
        proportion("duplicate_share", repeats, total, note=note),
        exact("largest_repeat", int(counts.max()), total, note=note),
    )
    return Measurement(figures, method=METHOD)
