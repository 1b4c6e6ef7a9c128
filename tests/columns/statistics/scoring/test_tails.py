import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from muster.columns.statistics.scoring.tails import chi_square, fair_coin


@given(st.floats(0, 400), st.integers(1, 120))
def test_chi_square_tail_is_that_of_scipy(statistic: float, degrees: int) -> None:
    assert chi_square(statistic, degrees) == pytest.approx(stats.chi2.sf(statistic, degrees), rel=1e-9, abs=1e-300)


def test_degrees_of_freedom_are_needed() -> None:
    with pytest.raises(ValueError, match="needs a degree of freedom, got 0"):
        chi_square(1.0, 0)


@given(st.integers(0, 3000), st.floats(0, 1))
def test_fair_coin_is_the_binomial_test_of_scipy(tosses: int, share: float) -> None:
    heads = round(share * tosses)
    expected = stats.binomtest(heads, tosses).pvalue if tosses else 1.0
    assert fair_coin(heads, tosses) == pytest.approx(expected, rel=1e-9)
