import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from muster.columns.statistics.slicing import examine, parts_of


def test_bins_of_numbers_hold_about_equal_counts_and_missing_values_are_apart() -> None:
    table = pa.table({"x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, None, float("nan")]})
    parts = parts_of(table, "x", 3)
    assert parts.names == ("x up to 2", "x over 2 to 4", "x over 4", "x missing")
    assert parts.codes.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_columns_of_one_value_and_of_none() -> None:
    assert parts_of(pa.table({"x": [7.5, 7.5]}), "x", 4).names == ("x any", "x missing")
    assert parts_of(pa.table({"x": pa.array([None, None], pa.float64())}), "x", 4).names == ("x missing",)


def test_whole_numbers_of_few_values_are_parts_each() -> None:
    parts = parts_of(pa.table({"x": [3, 1, None, 1, 9]}), "x", 2)
    assert parts.names == ("x 1", "x 3", "x 9", "x missing")
    assert parts.codes.tolist() == [1, 0, 3, 0, 2]
    assert parts_of(pa.table({"x": [True, False]}), "x", 2).names == ("x 0", "x 1", "x missing")
    assert parts_of(pa.table({"x": list(range(21))}), "x", 2).names == ("x up to 10", "x over 10", "x missing")


def test_categories_keep_their_names_and_rare_ones_are_together() -> None:
    table = pa.table({"c": ["a"] * 30 + ["b"] * 20 + ["rare", None]})
    parts = parts_of(table, "c", 4)
    assert parts.names == ("c a", "c b", "c other")
    assert np.bincount(parts.codes).tolist() == [30, 20, 2]


def test_a_slice_is_held_against_all_other_rows() -> None:
    generator = np.random.default_rng(2)
    table = pa.table({"c": np.repeat(["a", "b", "c"], 200)})
    losses = np.concatenate([generator.normal(mean, 1.0, 200) for mean in (0.0, 0.5, 0.1)])
    found = {one.name: one for one in examine([parts_of(table, "c", 2)], losses, depth=1, fewest=50)}
    assert next(iter(found)) == "c b"
    inside, outside = losses[200:400], np.delete(losses, slice(200, 400))
    one = found["c b"]
    assert (one.rows, one.loss, one.gap) == (
        200,
        pytest.approx(inside.mean()),
        pytest.approx(inside.mean() - outside.mean()),
    )
    z = one.gap / ((one.high - one.low) / 2 / 1.959963984540054)
    separate = one.gap / np.sqrt(inside.var(ddof=1) / 200 + outside.var(ddof=1) / 400)
    assert z == pytest.approx(min(z, separate), rel=0.01)
    raw = [stats.norm.sf(one.gap / ((one.high - one.low) / 2 / 1.959963984540054)) for one in found.values()]
    adjusted = stats.false_discovery_control(raw, method="by")
    assert [one.p for one in found.values()] == pytest.approx(adjusted.tolist())


def test_pairs_are_examined_and_the_same_rows_are_given_once() -> None:
    table = pa.table({"a": np.tile([0, 1], 200), "b": np.repeat([0, 1], 200), "twin": np.tile([0, 1], 200)})
    losses = ((np.asarray(table["a"]) == 1) & (np.asarray(table["b"]) == 1)).astype(float)
    found = examine([parts_of(table, name, 2) for name in ("a", "b", "twin")], losses, depth=2, fewest=50)
    assert found[0].name == "a 1, b 1"
    assert found[0].gap == 1.0
    assert not any("twin" in one.name and "," not in one.name for one in found)


def test_few_of_many_slices_are_false_findings() -> None:
    generator = np.random.default_rng(5)
    table = pa.table({f"x{place}": generator.normal(size=2000) for place in range(8)})
    parts = [parts_of(table, name, 5) for name in table.column_names]
    runs = [examine(parts, (generator.random(2000) < 0.2).astype(float), depth=2, fewest=30) for _ in range(20)]
    assert len(runs[0]) > 500
    assert sum(any(one.p <= 0.05 for one in run) for run in runs) <= 2


def test_slices_of_other_rows_are_told_apart_though_their_figures_are_the_same() -> None:
    table = pa.table({"c": np.repeat(["a", "b", "c", "d"], 50)})
    found = examine([parts_of(table, "c", 2)], np.tile([0.0, 1.0], 100), depth=1, fewest=20)
    assert [one.name for one in found] == ["c a", "c b", "c c", "c d"]


def test_no_slice_is_large_enough() -> None:
    assert examine([parts_of(pa.table({"x": [1, 2]}), "x", 2)], np.zeros(2), depth=1, fewest=20) == []
