import numpy as np
import pyarrow as pa
import pytest

from muster.columns.statistics.parity.design import encode, free, independent


def test_numbers_categories_and_gaps_become_columns() -> None:
    table = pa.table({"n": [1.0, None, 3.0, 5.0], "b": [True, False, True, True], "t": ["x", "y", None, "x"]})
    assert encode(table, "n").tolist() == [[1.0, 0.0], [3.0, 1.0], [3.0, 0.0], [5.0, 0.0]]
    assert encode(table, "b").tolist() == [[1.0], [0.0], [1.0], [1.0]]
    assert encode(table, "t").tolist() == [[1.0]] * 4, "no category has enough rows to be named"
    large = encode(pa.table({"t": ["x"] * 30 + ["y"] * 25 + [None]}), "t")
    assert large.sum(axis=0).tolist() == [30.0, 25.0, 1.0]
    assert encode(pa.table({"n": pa.array([None, None], pa.float64())}), "n").tolist() == [[0.0, 1.0], [0.0, 1.0]]


def test_independent_columns_are_standardised_and_tell_no_other() -> None:
    generator = np.random.default_rng(0)
    table = pa.table({"x": generator.normal(5, 2, 200), "t": generator.choice(["a", "b", "c"], 200), "same": [1] * 200})
    matrix = independent(table, ["x", "t", "same"])
    assert matrix.shape == (200, 3), "the constant and the most frequent category are left out"
    assert matrix.mean(axis=0).tolist() == pytest.approx([0, 0, 0], abs=1e-12)
    assert matrix.std(axis=0).tolist() == pytest.approx([1, 1, 1])
    assert independent(table, ["same"]).shape == (200, 0)


def test_columns_that_determine_each_other_are_refused() -> None:
    x = np.random.default_rng(0).normal(size=50)
    table = pa.table({"x": x, "y": 3 * x + 1})
    with pytest.raises(ValueError, match="y is determined by other columns of x, y: drop one of them"):
        independent(table, ["x", "y"])


def test_columns_missing_in_the_same_rows_share_an_indicator() -> None:
    generator = np.random.default_rng(0)
    x, y = generator.normal(size=(2, 60))
    x[:3] = y[:3] = np.nan
    assert independent(pa.table({"x": x, "y": y}), ["x", "y"]).shape == (60, 3)


def test_free_columns_are_as_many_as_the_rank() -> None:
    generator = np.random.default_rng(1)
    matrix = generator.normal(size=(80, 4))
    matrix = np.column_stack((matrix[:, :2], matrix[:, 0] - 2 * matrix[:, 1], matrix[:, 2:], matrix.sum(axis=1)))
    scaled = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    assert free(scaled) == [0, 1, 3, 4]
    assert np.linalg.matrix_rank(scaled) == 4
    assert free(np.empty((5, 0))) == []
