"""Regression: how far predicted amounts are from the actual ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import estimate
from muster.checks.parameters import numbers
from muster.columns.answers.amounts import Amounts
from muster.columns.arrow import Floats
from muster.columns.sample import Sample
from muster.columns.statistics.scoring.averages import explained, mean, median, ratio, root
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Error is predicted less actual, in the unit of the target. Means with their normal interval, roots and ratios by "
    "the delta method{weighted}; the median with order statistics, each row counted once. Pinball loss of a prediction "
    "taken as that quantile. Percentage errors: absolute, the mean of |e| / |y| over rows whose actual amount is not 0 "
    "(where many are near 0 it hangs on few rows, and its interval is too short); symmetric, the mean of "
    "2|e| / (|y| + |f|), where rows with both 0 count as no error; total, the sum of |e| over the sum of |y|."
)


@check("performance.regression", version=1, parameters=("quantiles",), weighted=True)
def regression(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure predicted amounts: MAE, RMSE, R squared, bias, pinball loss, and errors in per cent.

    ``quantiles``: quantiles for which the prediction is scored by pinball loss (0.5).
    """
    quantiles = numbers(parameters, "quantiles", (0.5,), least=0.0, most=1.0)
    amounts, weights = sample.amounts, sample.weights
    figures = (*_errors(amounts, weights, quantiles), *_percentages(amounts, weights))
    return Measurement(figures, method=METHOD.format(weighted="" if weights is None else ", rows weighted"))


def _errors(amounts: Amounts, weights: Floats | None, quantiles: tuple[float, ...]) -> Iterator[Figure]:
    errors, n = amounts.errors, amounts.actual.size
    yield estimate("bias", mean(errors, weights), n, note="above 0 where the model says too much")
    value, low, high = mean(np.abs(errors), weights)
    yield estimate("mae", (value, max(low, 0.0), high), n)
    yield estimate("rmse", root(errors**2, weights), n)
    yield estimate("median_absolute_error", median(np.abs(errors)), n)
    if np.ptp(amounts.actual) > 0:
        yield estimate("r2", explained(amounts.actual, amounts.predicted, weights), n)
    for quantile in quantiles:
        loss = np.maximum(-quantile * errors, (1 - quantile) * errors)
        value, low, high = mean(loss, weights)
        yield estimate("pinball", (value, max(low, 0.0), high), n, f"quantile {quantile:g}")


def _percentages(amounts: Amounts, weights: Floats | None) -> Iterator[Figure]:
    off, size, n = np.abs(amounts.errors), np.abs(amounts.actual), amounts.actual.size
    some = size > 0
    if np.count_nonzero(some) >= 2 and (weights is None or weights[some].any()):
        value, low, high = mean(off[some] / size[some], None if weights is None else weights[some])
        note = f"{n - np.count_nonzero(some)} rows with an actual amount of 0 are left out"
        yield estimate(
            "absolute_percentage_error", (value, max(low, 0.0), high), int(np.count_nonzero(some)), note=note
        )
        value, low, high = ratio(off, size, weights)
        yield estimate("total_percentage_error", (value, max(low, 0.0), high), n)
    both = size + np.abs(amounts.predicted)
    value, low, high = mean(np.divide(2 * off, both, out=np.zeros(n), where=both > 0), weights)
    yield estimate("symmetric_percentage_error", (value, max(low, 0.0), min(high, 2.0)), n)
