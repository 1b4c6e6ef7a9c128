"""Inequality: how unevenly the benefit of decisions falls on people, and how much of that lies between groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.reference import groups_of
from muster.columns.arrow import Floats, Integers
from muster.columns.sample import Sample
from muster.columns.statistics.parity.cells import Cells
from muster.columns.statistics.parity.resample import DRAWS, SEED, percentiles, redraw
from muster.records.evidence import Figure, Measurement

BENEFITS = np.asarray([[1.0, 2.0], [0.0, 1.0]])
"""Benefit by (deserved, got): 1 where the decision is right, 2 where it is too kind, 0 where it is too hard."""

METHOD = (
    "Generalised entropy of benefits, 1 where a decision agrees with the true outcome, 2 where somebody is favoured "
    "who did not deserve it, 0 where somebody is refused who did: index 2 (half the squared coefficient of variation) "
    "and Theil's (index 1); 0 means that all benefit alike. Between groups: the index if each person had the mean "
    "benefit of the group. Percentile intervals of {draws} draws of the counts (seed {seed}); the part between groups "
    "is above 0 by sampling alone. n is the number of rows."
)


@check("fairness.inequality", version=1, required=("attribute",), parameters=("bands", "cross"))
def inequality(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure inequality of benefit among all people and between groups (Speicher and others 2018).

    ``attribute``, ``bands`` and ``cross`` as in ``fairness.impact_ratio``; needs labels. People of unknown group are a
    group of their own.
    """
    cells = Cells.of(groups_of(sample, parameters), sample.qualified, sample.favourable).counts
    return Measurement(tuple(_figures(cells, redraw(cells))), method=METHOD.format(draws=DRAWS, seed=SEED))


def _figures(cells: Integers, drawn: Integers) -> Iterator[Figure]:
    n = int(cells.sum())
    for name, index, between in (
        ("generalised_entropy", 2, False),
        ("theil_index", 1, False),
        ("generalised_entropy_between_groups", 2, True),
        ("theil_index_between_groups", 1, True),
    ):
        value = float(entropy(cells[None], index, between=between)[0])
        low, high = percentiles(value, entropy(drawn, index, between=between))
        yield Figure(name, value, n, low, high)


def entropy(cells: Integers, index: int, *, between: bool) -> Floats:
    """Return the generalised entropy of benefits, shape (draws,), of counts of shape (draws, groups, 2, 2).

    Index 2 is the mean of (b / mean)^2 - 1, halved; index 1, Theil's, the mean of (b / mean) ln(b / mean).
    """
    counts = cells.reshape(len(cells), -1).astype(np.float64)
    benefits = np.broadcast_to(BENEFITS, cells.shape).reshape(len(cells), -1)
    if between:
        counts = cells.sum(axis=(2, 3)).astype(np.float64)
        benefits = (cells * BENEFITS).sum(axis=(2, 3)) / np.maximum(counts, 1)
    total = counts.sum(axis=1)
    sums = (counts * benefits).sum(axis=1)
    # A draw without any benefit has nothing to divide: it is NaN, and left out of the interval.
    ratios = benefits / (np.where(sums > 0, sums, np.nan) / total)[:, None]
    terms = ratios * np.log(np.where(ratios > 0, ratios, 1.0)) if index == 1 else (ratios**2 - 1) / 2
    found: Floats = (counts * terms).sum(axis=1) / total
    return found
