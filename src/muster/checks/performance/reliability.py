"""Reliability: tests of calibration, and what the Brier score is made of."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import estimate, exact
from muster.checks.parameters import whole
from muster.checks.performance.calibration import Bins, score_bins
from muster.columns.arrow import Bools, Floats
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import Z
from muster.columns.statistics.scoring.averages import explained, mean
from muster.columns.statistics.scoring.confusion import DRAWS, SEED, around
from muster.columns.statistics.scoring.reliability import (
    hosmer_lemeshow,
    parts_of_brier,
    recalibrate,
    spiegelhalter,
)
from muster.columns.statistics.scoring.tails import chi_square
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Log odds of the outcome against log odds of the score by maximum likelihood, Wald's interval: slope 1 and "
    "intercept 0 if scores mean what they say; the intercept alone with the slope held at 1 (Cox 1958). "
    "Hosmer-Lemeshow over {bins} bins of about equal counts, with as many degrees of freedom as bins, since nothing "
    "was fitted on these rows; Spiegelhalter's z. p-values are two-sided for z. Brier score with the normal interval "
    "of a mean, skill against always saying the observed rate; Murphy's reliability, resolution and uncertainty over "
    "the same bins, intervals from {draws} draws of the counts (Dirichlet, seed {seed}). Each row counts once."
)


@check("performance.reliability", version=1, parameters=("bins",))
def reliability(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Test calibration: slope and intercept, Hosmer-Lemeshow, Spiegelhalter; and take the Brier score apart.

    ``bins``: number of quantile bins of the score (10). Where a test does not exist, as that of a slope where all
    scores are the same, its figures are not given, and the method says why.
    """
    scores, labels = sample.scores, sample.labels
    bins = score_bins(scores, labels, whole(parameters, "bins", 10, least=2))
    gaps: list[str] = []
    figures = [*_hosmer_lemeshow(bins, labels.size), *_brier(scores, labels, bins)]
    for part in (_slope, _large, _spiegelhalter):
        try:
            figures += part(scores, labels)
        except ValueError as problem:
            gaps.append(f" Not given: {problem}.")
    method = METHOD.format(bins=bins.rows.size, draws=DRAWS, seed=SEED) + "".join(dict.fromkeys(gaps))
    return Measurement(tuple(figures), method=method)


def _slope(scores: Floats, labels: Bools) -> list[Figure]:
    found = recalibrate(scores, labels)
    pairs = (("calibration_intercept", found.intercept), ("calibration_slope", found.slope))
    return [
        estimate(name, (value, value - Z * error, value + Z * error), labels.size)
        for (name, value), error in zip(pairs, found.errors, strict=True)
    ]


def _large(scores: Floats, labels: Bools) -> list[Figure]:
    found = recalibrate(scores, labels, slope=False)
    value, half = found.intercept, Z * found.errors[0]
    return [estimate("calibration_in_the_large", (value, value - half, value + half), labels.size)]


def _spiegelhalter(scores: Floats, labels: Bools) -> list[Figure]:
    z = spiegelhalter(scores, labels)
    return [
        exact("spiegelhalter_z", z, labels.size),
        exact("spiegelhalter_p", math.erfc(abs(z) / math.sqrt(2)), labels.size),
    ]


def _hosmer_lemeshow(bins: Bins, n: int) -> Iterator[Figure]:
    statistic = hosmer_lemeshow(bins.rows, bins.positives, bins.means)
    yield exact("hosmer_lemeshow", statistic, n, note=f"{bins.rows.size} degrees of freedom")
    yield exact("hosmer_lemeshow_p", chi_square(statistic, bins.rows.size), n)


def _brier(scores: Floats, labels: Bools, bins: Bins) -> Iterator[Figure]:
    n, outcomes = labels.size, labels.astype(np.float64)
    value, low, high = mean((scores - outcomes) ** 2)
    yield estimate("brier", (value, max(low, 0.0), high), n)
    yield estimate("brier_skill", explained(outcomes, scores), n)
    counts = np.concatenate((bins.positives, bins.rows - bins.positives)).astype(np.float64)
    drawn = np.random.default_rng(SEED).dirichlet(counts + 0.5, size=DRAWS)
    size = bins.rows.size
    points = parts_of_brier(bins.rows.astype(np.float64), counts[:size], bins.means)
    draws = parts_of_brier(drawn[:, :size] + drawn[:, size:], drawn[:, :size], bins.means)
    within = value - float(points[0] - points[1] + points[2])
    note = f"the parts leave {within:.3g} of the Brier score, which differs within bins"
    for name, point, values in zip(("reliability", "resolution", "uncertainty"), points, draws, strict=True):
        yield estimate(f"brier_{name}", (float(point), *around(float(point), values)), n, note=note)
