import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from muster.columns.statistics.parity.testing import (
    benjamini_hochberg,
    fisher_p,
    holm,
    normal_p,
    smallest_expected,
    two_proportions,
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, int, int]:
    trials, others = draw(st.integers(1, 300)), draw(st.integers(1, 300))
    return draw(st.integers(0, trials)), trials, draw(st.integers(0, others)), others


def cells(table: tuple[int, int, int, int]) -> list[list[int]]:
    hits, trials, other_hits, others = table
    return [[hits, trials - hits], [other_hits, others - other_hits]]


@given(tables())
def test_fisher_is_that_of_scipy(table: tuple[int, int, int, int]) -> None:
    assert fisher_p(*table) == pytest.approx(stats.fisher_exact(cells(table)).pvalue, rel=1e-7, abs=1e-12)


def test_fisher_on_the_lady_tasting_tea() -> None:
    assert fisher_p(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert fisher_p(4, 4, 0, 4) == pytest.approx(2 / 70)


@given(tables())
def test_square_of_z_is_the_chi_square_of_scipy(table: tuple[int, int, int, int]) -> None:
    z = two_proportions(*table)
    if smallest_expected(*table) == 0:
        assert z == 0.0
        return
    expected = stats.chi2_contingency(cells(table), correction=False)
    assert z**2 == pytest.approx(expected.statistic, rel=1e-9, abs=1e-12)
    assert normal_p(z) == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-12)
    assert smallest_expected(*table) == pytest.approx(expected.expected_freq.min())
    assert z == pytest.approx(-two_proportions(*table[2:], *table[:2]))


def test_holm_on_a_worked_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]).size == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_corrections_keep_order_and_never_help(p_values: list[float]) -> None:
    strict, mild = holm(p_values), benjamini_hochberg(p_values)
    assert mild.tolist() == pytest.approx(stats.false_discovery_control(p_values).tolist())
    order = np.argsort(p_values, kind="stable")
    for adjusted in (strict, mild):
        assert (np.diff(adjusted[order]) >= 0).all()
        assert (adjusted >= np.asarray(p_values) * (1 - 1e-12)).all()
        assert adjusted.max() <= 1.0
    assert (strict >= mild * (1 - 1e-12)).all()
