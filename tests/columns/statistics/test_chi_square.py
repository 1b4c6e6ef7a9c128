import math

import numpy as np
import pytest
import scipy.stats as st

from muster.columns.statistics.chi_square import against_shares, between, tail


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 9, 10, 49])
@pytest.mark.parametrize("value", [0.0, 0.01, 1.0, 3.84, 20.0, 100.0, 700.0])
def test_the_tail_is_that_of_scipy(value: float, degrees: int) -> None:
    assert math.isclose(tail(value, degrees), st.chi2.sf(value, degrees), rel_tol=1e-11, abs_tol=1e-300)


def test_counts_against_shares_and_against_other_counts_are_those_of_scipy() -> None:
    counts, shares = np.array([30, 50, 20]), np.array([0.25, 0.5, 0.25])
    expected = st.chisquare(counts, shares * 100)
    assert against_shares(counts, shares) == pytest.approx((expected.statistic, expected.pvalue))
    others = np.array([10, 80, 40])
    found = st.chi2_contingency(np.vstack((counts, others)), correction=False)
    assert between(np.append(counts, 0), np.append(others, 0)) == pytest.approx((found.statistic, found.pvalue))


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(ValueError, match="one degree of freedom"):
        tail(1.0, 0)
    with pytest.raises(ValueError, match="two cells or more"):
        between(np.array([3, 0]), np.array([4, 0]))
    with pytest.raises(ValueError, match="two cells or more"):
        between(np.array([3, 1]), np.array([0, 0]))
