"""Calibration by group: whether a score of 0.2 means one in five, whoever it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.reference import groups_of
from muster.checks.parameters import whole
from muster.columns.arrow import Bools, Floats, Integers
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import Grouping
from muster.columns.statistics.intervals import Z, absolute, mean, wilson
from muster.columns.statistics.parity.adjusted import weigh
from muster.columns.statistics.parity.resample import DRAWS, SEED, redraw
from muster.records.evidence import Figure, Measurement

TINY = 1e-12
"""Scores are kept this far from 0 and 1 where their log odds are taken."""

NO_SLOPE = "one outcome, or one score, or told perfectly: no slope is known, so the worst is assumed"

METHOD = (
    "Within each group: calibration_gap, the absolute difference of mean score and observed rate, normal interval "
    "folded at 0, never narrower than Wilson's of the rate; group_ece, the mean distance of score and rate over up to "
    "{bins} bins of equal counts of the whole sample, weighted by the group's rows, limits from {draws} draws of "
    "its counts (seed {seed}), the lower less the whole sampling error; calibration_slope, of log odds of the score in "
    "a logistic regression of the outcome with intercept, Wald's interval: below 1, scores are too extreme. n is the "
    "size of the group."
)


@check("fairness.calibration", version=1, required=("attribute",), parameters=("bands", "cross", "bins"))
def group_calibration(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure calibration within each group: in the large, by bins of the score, and the slope.

    ``attribute``, ``bands`` and ``cross`` as in ``fairness.impact_ratio``; ``bins``: bins of the score (10). Needs
    labels.
    """
    scores, labels = sample.scores, sample.labels
    grouping = groups_of(sample, parameters)
    bins = whole(parameters, "bins", 10, least=2)
    limits = np.unique(np.quantile(scores, np.arange(1, bins) / bins, method="inverted_cdf"))
    places = np.searchsorted(limits, scores, side="left")
    sizes = grouping.counts()
    figures: list[Figure] = []
    for code in range(sizes.size if sizes[-1] else sizes.size - 1):
        inside = grouping.codes == code
        figures += _group(grouping, code, scores[inside], labels[inside], places[inside])
    return Measurement(tuple(figures), method=METHOD.format(bins=bins, draws=DRAWS, seed=SEED))


def _group(grouping: Grouping, code: int, scores: Floats, labels: Bools, places: Integers) -> Iterator[Figure]:
    label, n = grouping.label(code), labels.size
    if n == 0:
        yield Figure("calibration_gap", 1.0, 0, 0.0, 1.0, label, "no rows: nothing is known, so the worst is assumed")
        yield Figure("group_ece", 1.0, 0, 0.0, 1.0, label, "no rows: nothing is known, so the worst is assumed")
        yield Figure("calibration_slope", 0.0, 0, None, None, label, NO_SLOPE)
        return
    yield _gap(scores, labels, label)
    rows = np.bincount(places).astype(np.int64)
    kept = rows > 0
    positives = np.bincount(places[labels], minlength=rows.size).astype(np.int64)
    means = np.bincount(places, weights=scores)[kept] / rows[kept]
    value, low, high = _ece(rows[kept], positives[kept], means)
    yield Figure("group_ece", value, n, low, high, label, f"{int(kept.sum())} bins")
    slope = _slope(scores, labels)
    if slope is None:
        yield Figure("calibration_slope", 0.0, 0, None, None, label, NO_SLOPE)
    else:
        yield Figure("calibration_slope", slope[0], n, slope[1], slope[2], label)


def _gap(scores: Floats, labels: Bools, label: str) -> Figure:
    n, expected, observed = labels.size, float(scores.mean()), float(labels.mean())
    apart, low, high = mean(labels - scores)
    # A group without (or all) positive rows has a spread that says nothing; Wilson's interval of the rate stays wide.
    rate_low, rate_high = wilson(int(labels.sum()), n)
    low, high = min(low, float(rate_low) - expected), max(high, float(rate_high) - expected)
    near, far = absolute(max(low, -1.0), min(high, 1.0))
    note = f"mean score {expected:.4f}, observed rate {observed:.4f}"
    return Figure("calibration_gap", abs(apart), n, min(float(near), abs(apart)), float(far), label, note)


def _ece(rows: Integers, positives: Integers, means: Floats) -> tuple[float, float, float]:
    """Return the expected calibration error and limits that hold however large it is.

    As in performance.calibration: the figure is too large by sampling alone, so that the whole sampling error is taken
    off below.
    """
    total = int(rows.sum())
    gaps = means * rows - positives
    value = float(np.abs(gaps).sum()) / total
    drawn = redraw(np.stack((positives, rows - positives)))
    errors = (means * drawn.sum(axis=1) - drawn[:, 0] - gaps) / total
    below = float(np.quantile(np.abs(errors).sum(axis=1), 0.975))
    above = float(np.quantile(errors @ np.where(gaps < 0, -1.0, 1.0), 0.975))
    return value, max(value - below, 0.0), min(value + max(above, 0.0), 1.0)


def _slope(scores: Floats, labels: Bools) -> tuple[float, float, float] | None:
    sure = np.clip(scores, TINY, 1 - TINY)
    odds = np.log(sure / (1 - sure))
    if labels.all() or not labels.any() or np.ptp(odds) == 0.0:
        return None
    spread = float(odds.std())
    try:
        found = weigh(((odds - odds.mean()) / spread)[:, None], labels)
    except ValueError:
        return None
    value, half = float(found.values[0]) / spread, Z * float(found.errors[0]) / spread
    return value, value - half, value + half
