import numpy as np
import pytest
from scipy import stats

from muster.columns.statistics.parity.means import apart, standardised

OWN, STANDARD = np.random.default_rng(0).normal(1, 2, 400), np.random.default_rng(1).normal(0, 1, 900)


def test_the_difference_has_welch_s_error() -> None:
    value, low, high = apart(OWN, STANDARD)
    error = np.sqrt(stats.sem(OWN) ** 2 + stats.sem(STANDARD) ** 2)
    assert value == pytest.approx(OWN.mean() - STANDARD.mean())
    assert (high - low) / 2 == pytest.approx(stats.norm.ppf(0.975) * error)


def test_the_standardised_difference_is_cohen_s() -> None:
    value, low, high = standardised(OWN, STANDARD)
    pooled = np.sqrt((399 * OWN.var(ddof=1) + 899 * STANDARD.var(ddof=1)) / 1298)
    assert value == pytest.approx((OWN.mean() - STANDARD.mean()) / pooled)
    assert low < value < high
    assert standardised(STANDARD, OWN)[0] == pytest.approx(-value)
    assert standardised(3 * OWN + 7, 3 * STANDARD + 7)[0] == pytest.approx(value), "units do not matter"


def test_interval_covers_a_known_effect() -> None:
    generator = np.random.default_rng(2)
    covered = 0
    for _ in range(300):
        _, low, high = standardised(generator.normal(0.5, 1, 60), generator.normal(0, 1, 90))
        covered += low <= 0.5 <= high
    assert 273 <= covered <= 297


def test_what_does_not_vary() -> None:
    same = np.full(5, 2.0)
    assert standardised(same, same) == (0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="no standard deviation to divide by"):
        standardised(same, same + 1)
