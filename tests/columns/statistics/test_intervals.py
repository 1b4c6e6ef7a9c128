import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from muster.columns.statistics.intervals import absolute, difference, mean, ratio, wilson

trials = st.integers(1, 5000)


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (10, 10), (3, 10), (1, 1), (500, 2000)])
def test_wilson_is_that_of_scipy(hits: int, of: int) -> None:
    expected = stats.binomtest(hits, of).proportion_ci(0.95, method="wilson")
    low, high = wilson(hits, of)
    assert low == pytest.approx(expected.low, abs=1e-14)
    assert high == pytest.approx(expected.high, abs=1e-14)


def test_no_trials_say_nothing() -> None:
    low, high = wilson([0, 1], [0, 2])
    assert (low[0], high[0]) == (0.0, 1.0)
    assert 0 < low[1] < high[1] < 1


def test_difference_is_newcombes_published_example() -> None:
    # Newcombe (1998), table II, contrast (a): 56/70 against 48/80, method 10.
    low, high = difference(56, 70, 48, 80)
    assert (float(low), float(high)) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


@given(st.data(), trials, trials)
def test_intervals_hold_their_point_and_their_order(data: st.DataObject, n: int, m: int) -> None:
    k, j = data.draw(st.integers(0, n)), data.draw(st.integers(1, m))
    low, high = difference(k, n, j, m)
    assert -1 <= low <= k / n - j / m + 1e-12
    assert k / n - j / m - 1e-12 <= high <= 1
    low, high = ratio(k, n, j, m)
    point = (k / n) / (j / m)
    assert 0 <= low <= point * (1 + 1e-12)
    assert point * (1 - 1e-12) <= high < np.inf


def test_ratio_keeps_its_width_where_everyone_is_favoured() -> None:
    low, high = ratio(20, 20, 30, 30)
    assert low < 0.95
    assert high > 1.05


@pytest.mark.parametrize(("n", "m", "p", "q"), [(67, 3853, 0.73, 0.80), (30, 500, 0.5, 0.9), (20, 60, 0.1, 0.3)])
def test_coverage_is_about_what_is_promised(n: int, m: int, p: float, q: float) -> None:
    generator = np.random.default_rng(7)
    k, j = generator.binomial(n, p, 4000), np.maximum(generator.binomial(m, q, 4000), 1)
    for (low, high), truth in ((ratio(k, n, j, m), p / q), (difference(k, n, j, m), p - q), (wilson(k, n), p)):
        assert 0.935 <= ((low <= truth) & (truth <= high)).mean() <= 0.985


def test_mean_and_one_row_alone() -> None:
    values = np.asarray([1.0, 2.0, 3.0, 4.0])
    centre, low, high = mean(values)
    half = stats.norm.ppf(0.975) * values.std(ddof=1) / 2
    assert (centre, low, high) == pytest.approx((2.5, 2.5 - half, 2.5 + half))
    assert mean(values[:1])[1:] == (-np.inf, np.inf)


def test_absolute_reaches_zero_only_across_it() -> None:
    low, high = absolute([-0.2, 0.1, -0.3], [0.1, 0.4, -0.1])
    assert low.tolist() == [0.0, 0.1, 0.1]
    assert high.tolist() == [0.2, 0.4, 0.3]
