"""Precision and recall over all thresholds: what a ranking is worth where positives are rare."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import estimate, proportion
from muster.checks.parameters import numbers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import Z, wilson
from muster.columns.statistics.scoring.steps import Steps
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Average precision: the mean precision over positive rows, each at its own score, without interpolation; interval "
    "on the logit with the number of positive rows as its size (Boyd, Eng and Page 2013). Precision at the highest "
    "threshold with at least the given recall, with Wilson's interval that takes the threshold as given. Each row "
    "counts once."
)


@check("performance.precision_recall", version=1, parameters=("recalls",))
def precision_recall(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure the area under the precision-recall curve, and precision where a given share of positives is found.

    ``recalls``: shares of positive rows to be found (0.5, 0.8 and 0.95).
    """
    wanted = numbers(parameters, "recalls", (0.5, 0.8, 0.95), least=0.0, most=1.0)
    steps = Steps.of(sample.scores, sample.labels)
    area = estimate("average_precision", _average(steps), steps.positives, note=f"of {sample.rows} rows")
    base = proportion("positive_rate", steps.positives, sample.rows, note="average precision of a ranking by chance")
    return Measurement((area, base, *_at(steps, wanted)), method=METHOD)


def _average(steps: Steps) -> tuple[float, float, float]:
    value = steps.average_precision
    if value >= 1.0:
        low, high = wilson(steps.positives, steps.positives)
        return value, float(low), float(high)
    centre = math.log(value / (1 - value))
    half = Z / math.sqrt(steps.positives * value * (1 - value))
    return value, 1 / (1 + math.exp(half - centre)), 1 / (1 + math.exp(-half - centre))


def _at(steps: Steps, recalls: tuple[float, ...]) -> Iterator[Figure]:
    for recall in recalls:
        place = int(np.count_nonzero(steps.hits >= recall * steps.positives)) - 1
        hits, rows = int(steps.hits[place]), int(steps.rows[place])
        note = f"threshold {steps.scores[place]:.6g}, recall {hits / steps.positives:.4f}"
        yield proportion("precision_at_recall", hits, rows, f"recall {recall:g}", note)
