"""Coverage: whether every factor that moves scores has words for the applicant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.explanation.refusals import Refusals
from muster.checks.figures import estimate, exact
from muster.columns.explanation.factors import LEAST
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import mean
from muster.records.evidence import Measurement

METHOD = (
    "A factor is scored where it moves one of these scores or that of one approved person. stated_weight is the part "
    "of what counted against a refused person that stands in factors which may be named, averaged, normal interval."
)


@check("explanation.coverage", version=1, parameters=("rows",))
def coverage(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure whether each scored factor has a statement that may be given as a reason.

    ``unstated_factors``: scored factors that have none; ``statement_coverage``: the share of scored factors that have
    one; ``stated_weight``: the part of what counted against refused people that they can be told.
    ``rows``: how many refused people are looked at (1,000).
    """
    found = Refusals.of(sample, parameters)
    moved = np.abs(found.against) > LEAST
    scored = moved.any(axis=0) | (np.abs(found.attribution.shares(found.approved)) > LEAST).any(axis=0)
    stated = found.factors.nameable
    names = [factor.id for factor, wanting in zip(found.factors.each, scored & ~stated, strict=True) if wanting]
    count = int(np.count_nonzero(scored))
    if not count:
        msg = "no factor moves any score: there is nothing to explain"
        raise ValueError(msg)
    against = np.maximum(found.against, 0.0)
    total = against.sum(axis=1)
    part = against[:, stated].sum(axis=1)[total > LEAST] / total[total > LEAST]
    figures = [
        exact("unstated_factors", len(names), count, note=", ".join(names)),
        exact("statement_coverage", 1 - len(names) / count, count),
    ]
    if part.size > 1:
        value, low, high = mean(part)
        figures.append(estimate("stated_weight", (value, max(low, 0.0), min(high, 1.0)), part.size))
    return Measurement(tuple(figures), method=found.method(METHOD))
