import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.statistics.rows import row_codes

VALUES = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(-2, 2)), st.one_of(st.none(), st.sampled_from(["a", "b", ""]))),
    min_size=1,
    max_size=30,
)


@given(VALUES, VALUES)
def test_codes_are_equal_exactly_where_rows_are(one: list[tuple], other: list[tuple]) -> None:
    tables = [pa.table({"x": [row[0] for row in rows], "y": [row[1] for row in rows]}) for rows in (one, other)]
    tables = [table.cast(pa.schema([("x", pa.float64()), ("y", pa.string())])) for table in tables]
    codes = np.concatenate(row_codes(tables, ["x", "y"]))
    rows = [*one, *other]
    for place, row in enumerate(rows):
        assert [code == codes[place] for code in codes] == [twin == row for twin in rows]


def test_numbers_are_equal_by_value_and_nan_is_null() -> None:
    left = pa.table({"x": [1, 2, None]})
    right = pa.table({"x": [1.0, float("nan"), 2.5]})
    one, other = row_codes([left, right], ["x"])
    assert one[0] == other[0]
    assert one[2] == other[1]
    assert len({*one.tolist(), *other.tolist()}) == 4


def test_whole_numbers_beyond_floats_and_dictionaries_are_told_apart() -> None:
    big = pa.table({"x": [2**53, 2**53 + 1, 2**53]})
    (codes,) = row_codes([big], ["x"])
    assert (codes[0] == codes[2], codes[0] == codes[1]) == (True, False)
    words = pa.table({"x": pa.array(["a", "b", "a"]).dictionary_encode()})
    (codes,) = row_codes([words], ["x"])
    assert codes.tolist() == [0, 1, 0]


def test_columns_must_be_named_and_there() -> None:
    with pytest.raises(ValueError, match="none is named"):
        row_codes([pa.table({"x": [1]})], [])
    with pytest.raises(ValueError, match="there is no column 'y'"):
        row_codes([pa.table({"x": [1]})], ["x", "y"])
