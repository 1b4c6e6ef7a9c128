"""Counterfactual: whether refused people could be told what would have been approved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.explanation.refusals import Refusals
from muster.checks.figures import proportion
from muster.columns.explanation.counterfactual import VALUES, Change, smallest_change
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import wilson
from muster.records.evidence import Figure, Measurement

ROWS = 100

METHOD = (
    "Of each factor that the reason map says people can change, values are tried that approved people have (at most "
    "{values} a column, then pairs of columns), and the nearest approved one is brought as near as it goes. A search: "
    "a smaller change may exist. Sizes are in spreads of the column, from the 10th to the 90th percentile of approved "
    "people; the median's interval is by order statistics. Shares have Wilson's intervals."
)


@check("explanation.counterfactual", version=1, parameters=("rows",))
def counterfactual(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure for how many refused people a small change in what they can change would have been approved.

    ``one_change``: share for whom one column is enough; ``up_to_two_changes``: one or two; ``median_size``: the median
    size of those changes.
    ``rows``: how many refused people are looked at (100).
    """
    found = Refusals.of(sample, parameters, ROWS)
    columns = [name for factor in found.factors.each if factor.changeable for name in factor.columns]
    if not columns:
        msg = "the reason map names no factor that people can change and the model reads"
        raise ValueError(msg)
    changes = [
        smallest_change(found.model, found.table.slice(at, 1), found.approved, columns, found.rule)
        for at in range(found.rows)
    ]
    figures = [
        proportion("one_change", sum(len(change) == 1 for change in changes), found.rows),
        proportion("up_to_two_changes", sum(bool(change) for change in changes), found.rows),
        *_median([_size(change) for change in changes if change]),
    ]
    return Measurement(tuple(figures), method=found.method(METHOD.format(values=VALUES)))


def _size(change: tuple[Change, ...]) -> float:
    return sum(part.size for part in change)


def _median(sizes: list[float]) -> list[Figure]:
    if not sizes:
        return []
    ordered = np.sort(sizes)
    low, high = wilson(len(sizes) / 2, len(sizes))
    least, most = (int(np.clip(round(float(share) * len(sizes)), 0, len(sizes) - 1)) for share in (low, high))
    middle = float(np.median(ordered))
    return [
        Figure("median_size", middle, len(sizes), min(float(ordered[least]), middle), max(float(ordered[most]), middle))
    ]
