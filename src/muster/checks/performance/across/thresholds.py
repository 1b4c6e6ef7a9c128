"""Thresholds: what every measure of decisions would be elsewhere than at the threshold in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.figures import estimate, proportion
from muster.checks.parameters import numbers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import wilson
from muster.columns.statistics.scoring.steps import Steps
from muster.records.evidence import Figure, Measurement
from muster.records.model import Favourable

EVERY = tuple(place / 20 for place in range(1, 20))

METHOD = (
    "Decisions as they would be at each threshold: a row counts as predicted positive where its score is at least "
    "that. Shares with Wilson's interval, F1 through that of tp / (tp + fp + fn), of which it is a monotone function. "
    "Each row counts once. The threshold in use is {threshold:.6g}. A threshold chosen on these figures is to be "
    "measured again on other rows."
)


@check("performance.thresholds", version=1, parameters=("thresholds",))
def thresholds(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure decisions at many thresholds: rates of true and false positives, precision, accuracy, F1, favour.

    ``thresholds``: where to measure (0.05 to 0.95 by 0.05); the threshold in use is always among them.
    """
    wanted = numbers(parameters, "thresholds", EVERY, least=0.0, most=1.0)
    steps = Steps.of(sample.scores, sample.labels)
    places = sorted({*wanted, sample.rule.threshold})
    below = sample.rule.favourable is Favourable.BELOW
    counts = zip(places, *(counted.tolist() for counted in steps.at(places)), strict=True)
    figures = (figure for at, hits, predicted in counts for figure in _at(steps, at, (hits, predicted), below=below))
    return Measurement(tuple(figures), method=METHOD.format(threshold=sample.rule.threshold))


def _at(steps: Steps, threshold: float, counts: tuple[int, int], *, below: bool) -> Iterator[Figure]:
    hits, predicted = counts
    rows, positives = int(steps.rows[0]), steps.positives
    alarms, misses = predicted - hits, positives - hits
    group = f"threshold {threshold:g}"
    yield proportion("true_positive_rate", hits, positives, group)
    yield proportion("false_positive_rate", alarms, rows - positives, group)
    if predicted:
        yield proportion("precision", hits, predicted, group)
    yield proportion("accuracy", rows - alarms - misses, rows, group)
    yield proportion("favourable_rate", rows - predicted if below else predicted, rows, group)
    low, high = wilson(hits, positives + alarms)
    share = hits / (positives + alarms)
    f1 = [2 * limit / (1 + limit) for limit in (share, float(low), float(high))]
    yield estimate("f1", (f1[0], f1[1], f1[2]), positives + alarms, group)
