from collections.abc import Callable

import numpy as np
import pytest

from muster.checks.fairness.differences import differences, mean_of, paired, worst_of
from muster.checks.fairness.reference import compare
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import difference
from muster.records.evidence import Figure


def test_rates_and_differences_by_group(make_sample: Callable[..., Sample]) -> None:
    compared = compare(make_sample(), {"attribute": "age", "bands": [25, 50], "reference": "25-49"})
    found = list(differences(compared, "rate", "apart", np.asarray([30, 50, 0, 0]), np.asarray([100, 100, 0, 0])))
    rate, apart, own, same, nobody = found
    assert (rate.name, rate.value, rate.n) == ("rate", 0.3, 100)
    low, high = difference(30, 100, 50, 100)
    assert apart == Figure("apart", 0.2, 100, -high, -low, "age=under 25", "lower than the reference group")
    assert (own.value, same.value, same.low, same.high) == (0.5, 0.0, 0.0, 0.0)
    assert (nobody.name, nobody.value, nobody.n, nobody.low, nobody.high) == ("apart", 1.0, 0, 0.0, 1.0)


def test_a_reference_that_nobody_is_measured_on_is_refused(make_sample: Callable[..., Sample]) -> None:
    compared = compare(make_sample(), {"attribute": "age", "bands": [25, 50], "reference": "25-49"})
    with pytest.raises(ValueError, match="age=25-49 has nobody to measure the rate on"):
        list(differences(compared, "rate", "apart", np.zeros(4, dtype=int), np.asarray([1, 0, 1, 1])))


def test_worst_and_mean_of_two_differences() -> None:
    figures = [Figure("a", 0.1, 50, 0.0, 0.3, "g=x"), Figure("b", 0.2, 40, 0.16, 0.24, "g=x")]
    pairs = paired(figures, "a", "b")
    assert list(worst_of("worst", pairs)) == [Figure("worst", 0.2, 40, 0.16, 0.3, "g=x")]
    (mean,) = mean_of("mean", pairs)
    assert (mean.value, mean.n) == (pytest.approx(0.15), 40)
    assert mean.low == pytest.approx(0.15 - np.hypot(0.1, 0.04) / 2)
    assert mean.high == pytest.approx(0.15 + np.hypot(0.2, 0.04) / 2)
