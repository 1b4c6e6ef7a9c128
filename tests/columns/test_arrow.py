import numpy as np
import pyarrow as pa
import pytest

from muster.columns.arrow import column_of, equal, first, floats, missing, places_of, table_of, texts


class Capsule:
    """Data of another library: nothing of it is known but the PyCapsule protocol."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def test_takes_anything_that_speaks_the_capsule_protocol() -> None:
    table = pa.table({"a": [1, 2]})
    assert table_of(table) is table
    assert table_of(Capsule(table)).equals(table)
    assert table_of(table.to_batches()[0]).equals(table)


def test_refuses_what_is_not_arrow_and_repeated_names() -> None:
    with pytest.raises(ValueError, match="expected Arrow data.*got dict"):
        table_of({"a": [1]})
    with pytest.raises(ValueError, match="column a occurs more than once"):
        table_of(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]))


def test_float_column_without_nulls_is_a_view() -> None:
    buffer = np.arange(5.0)
    column = floats(pa.table({"a": pa.array(buffer)}), "a")
    assert np.shares_memory(column, buffer)


def test_nulls_become_nan_and_booleans_numbers() -> None:
    table = pa.table({"i": [1, None, 3], "b": [True, False, None], "t": ["x", "y", None]})
    assert np.array_equal(floats(table, "i"), [1.0, np.nan, 3.0], equal_nan=True)
    assert np.array_equal(floats(table, "b"), [1.0, 0.0, np.nan], equal_nan=True)
    with pytest.raises(ValueError, match="column 't' holds string: numbers are needed"):
        floats(table, "t")


def test_chunks_are_joined_in_order() -> None:
    chunked = pa.chunked_array([[1, 2], [], [3]], pa.int64())
    assert floats(pa.table({"a": chunked}), "a").tolist() == [1.0, 2.0, 3.0]


def test_nan_is_missing_too() -> None:
    table = pa.table({"a": [1.0, None, float("nan")], "t": ["x", None, ""]})
    assert missing(table, "a").tolist() == [False, True, True]
    assert missing(table, "t").tolist() == [False, True, False]
    assert first(missing(table, "a")) == 1


def test_texts_of_integers_dictionaries_and_floats() -> None:
    table = pa.table({"i": [1, None], "d": pa.array(["x", None]).dictionary_encode(), "f": [float("nan"), 2.0]})
    assert texts(table, "i").to_pylist() == ["1", None]
    assert texts(table, "d").to_pylist() == ["x", None]
    assert texts(table, "f").to_pylist()[0] is None
    with pytest.raises(ValueError, match="one plain value a row"):
        texts(pa.table({"l": [[1], [2]]}), "l")


def test_absent_column_names_those_that_exist() -> None:
    with pytest.raises(ValueError, match="no column 'z'; the columns are a, b"):
        column_of(pa.table({"a": [1], "b": [2]}), "z")


def test_places_of_strange_and_missing_values_come_last() -> None:
    values = pa.chunked_array([["b", None, "zzz", "a"]])
    assert places_of(values, ["a", "b"]).tolist() == [1, 2, 2, 0]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["1", "2.5", None, "old", "-3e4", "x"], r"and row 3 \(rows count from 0; 2 such\) holds none$"),
        (["1", " 2.5 ", None, "-.5e-4"], "and it holds nothing else: write them as numbers$"),
    ],
)
def test_text_among_numbers_is_named_by_row_and_never_by_what_it_says(values: list[str | None], said: str) -> None:
    with pytest.raises(ValueError, match=r"column 'a' holds string: numbers are needed here, " + said):
        floats(pa.table({"a": pa.array(values)}), "a")


def test_a_value_is_found_whatever_the_type_of_its_column() -> None:
    for column in ([1, 0], [1.0, 0.0], ["1", "0"], [True, False]):
        assert equal(pa.table({"a": column}), "a", 1).tolist() == [True, False]
    assert equal(pa.table({"a": ["yes", "no"]}), "a", "yes").tolist() == [True, False]
