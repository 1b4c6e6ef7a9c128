import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.statistics.bins import count_numbers, count_texts, named_categories, quantile_edges

numbers = st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=400)


@given(numbers, st.integers(2, 50), st.integers(1, 20))
def test_edges_increase_and_no_reference_bin_is_too_small(values: list[float], most: int, fewest: int) -> None:
    column = np.asarray(values, dtype=np.float64)
    edges = quantile_edges(column, most=most, fewest=fewest)
    assert (np.diff(edges) > 0).all()
    assert edges.size < most
    finite = column[np.isfinite(column)]
    counts, nulls = count_numbers(finite, edges)
    assert counts.sum() == finite.size
    assert nulls == 0
    assert edges.size == 0 or counts.min() >= fewest


@given(numbers, numbers)
def test_every_value_is_counted_once(reference: list[float], values: list[float]) -> None:
    edges = quantile_edges(np.asarray(reference, dtype=np.float64), fewest=3)
    column = np.asarray(values, dtype=np.float64)
    counts, nulls = count_numbers(column, edges)
    assert counts.sum() + nulls == column.size
    assert nulls == np.isnan(column).sum()


def test_bins_end_with_their_edge() -> None:
    counts, nulls = count_numbers(np.asarray([0.0, 1.0, 1.5, 2.0, np.inf, -np.inf, np.nan]), np.asarray([1.0, 2.0]))
    assert counts.tolist() == [3, 2, 1]
    assert nulls == 1


def test_whole_numbers_keep_their_values_as_edges() -> None:
    ages = np.random.default_rng(0).integers(21, 60, 30_000).astype(float)
    assert quantile_edges(ages).tolist() == list(range(21, 59))


def test_about_a_thousand_rounded_bins_on_a_large_set() -> None:
    values = np.random.default_rng(0).lognormal(size=100_000)
    edges = quantile_edges(values)
    assert 900 <= edges.size <= 999
    assert not np.isin(edges, values).any(), "an edge shows somebody's very value"
    assert max(len(repr(edge)) for edge in edges.tolist()) <= 8


def test_one_sentinel_costs_one_bin() -> None:
    values = np.random.default_rng(0).normal(size=5000)
    assert np.array_equal(
        quantile_edges(values)[:-2], quantile_edges(np.append(values, 1e9))[: quantile_edges(values).size - 2]
    )


def test_rare_categories_are_counted_as_other_unless_declared() -> None:
    values = pa.chunked_array([["a"] * 30 + ["b"] * 25 + ["rare"] * 3 + [None] * 2])
    assert named_categories(values, ()) == ("a", "b")
    assert named_categories(values, ("rare", "never")) == ("a", "b", "never", "rare")
    assert named_categories(values, (), most=1) == ("a",)
    counts, nulls = count_texts(values, ("a", "b"))
    assert counts.tolist() == [30, 25, 3]
    assert nulls == 2
