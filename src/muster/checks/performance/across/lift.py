"""Lift: how many more positive rows the highest scores hold than as many rows taken at random."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.figures import estimate
from muster.checks.parameters import numbers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import wilson
from muster.columns.statistics.scoring.steps import Steps
from muster.records.evidence import Figure, Measurement

DEEPEST = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)

METHOD = (
    "Rows in order of falling score; where the cut falls among equal scores, their positives are shared. Gain is the "
    "share of all positive rows above the cut, with Wilson's interval; lift is gain over the share of rows. Each row "
    "counts once."
)


@check("performance.lift", version=1, parameters=("depths",))
def lift(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure gain and lift of the highest scores.

    ``depths``: shares of rows from the top (0.01, 0.05, and 0.1 to 1 by 0.1).
    """
    wanted = numbers(parameters, "depths", DEEPEST, least=0.0, most=1.0)
    if wanted[0] == 0.0:
        msg = "parameter depths must hold shares above 0: there is no lift among no rows"
        raise ValueError(msg)
    steps = Steps.of(sample.scores, sample.labels)
    found = steps.top([depth * sample.rows for depth in wanted]).tolist()
    figures = (
        figure for depth, hits in zip(wanted, found, strict=True) for figure in _at(depth, hits, steps.positives)
    )
    return Measurement(tuple(figures), method=METHOD)


def _at(depth: float, hits: float, positives: int) -> Iterator[Figure]:
    low, high = wilson(hits, positives)
    gain, group = hits / positives, f"top {depth * 100:g} %"
    yield estimate("gain", (gain, min(float(low), gain), max(float(high), gain)), positives, group)
    limits = (min(float(low), gain) / depth, max(float(high), gain) / depth)
    yield estimate("lift", (gain / depth, *limits), positives, group)
