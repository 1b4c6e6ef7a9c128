"""Value: what decisions are worth, from the use case's value of each outcome."""

from __future__ import annotations

import numpy as np

from muster.columns.arrow import Bools, Floats
from muster.columns.sample import Sample
from muster.records.purpose import Value


def worth(predicted: Bools, actual: Bools, value: Value) -> Floats:
    """Return the worth of each decision in the value's currency, shape (rows,); both masks say who is positive."""
    outcomes = np.where(
        predicted,
        np.where(actual, value.true_positive, value.false_positive),
        np.where(actual, value.false_negative, value.true_negative),
    )
    return outcomes + value.per_call


def value_per_decision(sample: Sample, value: Value) -> float:
    """Return the mean value of a decision, in the value's currency.

    Decisions are those that were made; where only scores are known, one at or over the threshold counts as predicted
    positive: with a probability of default it is a refusal.
    """
    return float(worth(sample.predicted, sample.labels, value).mean())
