"""Calibration: whether, of rows scored 0.2, one in five turns out positive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.checks.parameters import whole
from muster.columns.arrow import Bools, Floats, Integers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import Z
from muster.records.evidence import Figure, Measurement

DRAWS = 2000
SEED = 20240229
"""Fixed, so that the same sample gives the same interval to the last bit."""

METHOD = (
    "Expected calibration error over bins of equal counts by score: the mean distance of mean score and observed "
    "rate, weighted by rows; limits from {draws} bootstrap draws of the counts of the bins (seed {seed}, mean "
    "scores held). The plain figure is too large by sampling alone, so the lower limit takes off the whole "
    "sampling error of all bins, added up without regard to sign; the upper limit adds the error of their signed "
    "sum. Expected over observed with the interval of a ratio of paired means on the log. Rates of bins with "
    "Wilson's interval."
)


@dataclass(frozen=True, slots=True)
class Bins:
    """Rows, positive rows and mean score of each score bin, shape (bins,)."""

    rows: Integers
    positives: Integers
    means: Floats

    @property
    def error(self) -> float:
        """Expected calibration error (Naeini, Cooper and Hauskrecht 2015)."""
        gaps = np.abs(self.means * self.rows - self.positives)
        return float(gaps.sum() / self.rows.sum())


@check("performance.calibration", version=1, parameters=("bins",))
def calibration(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure whether scores are the probabilities that they claim to be: ECE, expected over observed, rates by bin.

    ``bins``: number of quantile bins of the score (10). Rows with equal scores stay in one bin, so there may be fewer.
    """
    scores, labels = sample.scores, sample.labels
    wanted = whole(parameters, "bins", 10, least=2)
    bins = score_bins(scores, labels, wanted)
    low, high = _interval(bins)
    figures = (
        Figure("ece", bins.error, labels.size, low, high, note=f"{bins.rows.size} bins"),
        _expected_over_observed(scores, labels),
        *_by_bin(bins),
    )
    return Measurement(figures, method=METHOD.format(draws=DRAWS, seed=SEED))


def score_bins(scores: Floats, labels: Bools, wanted: int) -> Bins:
    """Put rows in quantile bins of their score; equal scores share a bin."""
    limits = np.unique(np.quantile(scores, np.arange(1, wanted) / wanted, method="inverted_cdf"))
    codes = np.searchsorted(limits, scores, side="left")
    most = limits.size + 1
    rows = np.bincount(codes, minlength=most).astype(np.int64)
    positives = np.bincount(codes[labels], minlength=most).astype(np.int64)
    held = rows > 0
    return Bins(rows[held], positives[held], np.bincount(codes, weights=scores, minlength=most)[held] / rows[held])


def _interval(bins: Bins) -> tuple[float, float]:
    """Return limits of the calibration error that hold however large it is.

    With true gaps g and sampling errors e the figure is the sum of |g + e|, never more than the sum of |g| plus that of
    |e|: so much is taken off below. A bootstrap of the figure itself misses a true error of 0 half of the time.
    """
    generator = np.random.default_rng(SEED)
    total = int(bins.rows.sum())
    cells = np.concatenate((bins.positives, bins.rows - bins.positives)) / total
    drawn = generator.multinomial(total, cells, size=DRAWS)
    positives = drawn[:, : bins.rows.size]
    rows = positives + drawn[:, bins.rows.size :]
    gaps = bins.means * bins.rows - bins.positives
    errors = (bins.means * rows - positives - gaps) / total
    below = np.quantile(np.abs(errors).sum(axis=1), 0.975)
    above = np.quantile(errors @ np.where(gaps < 0, -1.0, 1.0), 0.975)
    return max(bins.error - float(below), 0.0), min(bins.error + float(above), 1.0)


def _expected_over_observed(scores: Floats, labels: Bools) -> Figure:
    n, expected, observed = labels.size, float(scores.mean()), float(labels.mean())
    quotient = expected / observed
    note = f"mean score {expected:.4f}, observed rate {observed:.4f}"
    if expected == 0.0:
        return Figure("expected_over_observed", 0.0, n, note=note)
    error = float((scores - quotient * labels).std(ddof=1)) / (np.sqrt(n) * expected)
    limits = quotient * np.exp([-Z * error, Z * error])
    return Figure("expected_over_observed", quotient, n, float(limits[0]), float(limits[1]), note=note)


def _by_bin(bins: Bins) -> Iterator[Figure]:
    for place, (rows, positives, score) in enumerate(
        zip(bins.rows.tolist(), bins.positives.tolist(), bins.means.tolist(), strict=True), start=1
    ):
        yield Figure("bin_mean_score", score, rows, group=f"bin {place}")
        yield proportion("bin_observed_rate", positives, rows, f"bin {place}")
