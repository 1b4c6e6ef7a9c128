"""Value: what decisions are worth on average, from the use case's value of each outcome."""

from __future__ import annotations

import numpy as np

from muster.columns.sample import Sample
from muster.records.purpose import Value


def value_per_decision(sample: Sample, value: Value) -> float:
    """Return the mean value of a decision, in the value's currency.

    A score at or over the threshold counts as predicted positive: with a probability of default it is a refusal.
    """
    predicted = sample.scores >= sample.rule.threshold
    actual = sample.labels
    worth = np.where(
        predicted,
        np.where(actual, value.true_positive, value.false_positive),
        np.where(actual, value.false_negative, value.true_negative),
    )
    return float(worth.mean())
