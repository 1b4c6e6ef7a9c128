"""The encoder casts nothing silently, says where a value is wrong, and never what it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.encoder import Encoder
from muster.columns.plan import Encoding
from muster.records.data import Column, ColumnType

NUMBER = Encoding(Column("income", ColumnType.NUMBER), mean=3.0, scale=2.0)
MISSING = Encoding(Column("debt", ColumnType.NUMBER, nullable=True))
FILLED = Encoding(Column("years", ColumnType.INTEGER, nullable=True), fill=4.0, mean=1.0, scale=0.5)
INTEGER = Encoding(Column("age", ColumnType.INTEGER))
HOME = Encoding(Column("home", ColumnType.CATEGORY), categories=("own", "rent"))
JOB = Encoding(Column("job", ColumnType.CATEGORY, nullable=True), categories=("clerk",), null_place=True)
ALL = (NUMBER, MISSING, FILLED, INTEGER, HOME, JOB)
ROW: dict[str, list[Any]] = {
    "income": [7.5],
    "debt": [None],
    "years": [None],
    "age": [41],
    "home": ["rent"],
    "job": [None],
}
ENCODED = [2.25, np.nan, 6.0, 41.0, 0.0, 1.0, 0.0, 1.0]


def test_a_row_is_scaled_filled_and_spread() -> None:
    np.testing.assert_array_equal(Encoder(ALL).encode(ROW), [ENCODED])


def test_columns_of_any_kind_give_the_same_matrix() -> None:
    lists: dict[str, list[Any]] = {name: values * 3 for name, values in ROW.items()}
    arrow = {name: pa.array(values) for name, values in lists.items()}
    chunked = {
        **arrow,
        "home": pa.chunked_array([["rent"], ["rent", "rent"]]).dictionary_encode(),
        "age": pa.array([41] * 3, pa.int16()),
    }
    arrays = {
        "income": np.full(3, 7.5, np.float32),
        "debt": np.full(3, np.nan),
        "years": np.array([None] * 3, object),
        "age": np.full(3, 41, np.uint8),
        "home": np.array(["rent"] * 3),
        "job": np.array([None, np.nan, None], object),
    }
    for columns in (lists, arrow, chunked, arrays):
        matrix = Encoder(ALL).encode(columns)
        np.testing.assert_array_equal(matrix, [ENCODED] * 3)
        assert matrix.flags.c_contiguous
        assert matrix.dtype == np.float64


@given(
    income=st.floats(-1e300, 1e300),
    age=st.integers(-(2**53) + 1, 2**53 - 1),
    home=st.sampled_from(["own", "rent"]),
)
def test_one_row_alone_has_the_bits_that_it_has_in_a_batch(income: float, age: int, home: str) -> None:
    encoder = Encoder((NUMBER, INTEGER, HOME))
    alone = encoder.encode({"income": [income], "age": [age], "home": [home]})
    batch = encoder.encode({"income": [income] * 2, "age": [age] * 2, "home": [home] * 2})
    assert batch[1].tobytes() == alone[0].tobytes()


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("income", "67", "expected a number, got str"),
        ("income", True, "expected a number, got bool"),
        ("income", [1.0], "expected a number, got list"),
        ("income", None, "no value"),
        ("income", float("nan"), "no value"),
        ("income", float("inf"), "infinite"),
        ("income", 2**53 + 1, "beyond 2\\*\\*53"),
        ("income", 10**400, "beyond 2\\*\\*53"),
        ("age", 67.5, "got a fraction"),
        ("age", 2.0**53, "beyond 2\\*\\*53"),
        ("age", -(2**60), "beyond 2\\*\\*53"),
        ("home", 3, "expected text, got int"),
        ("home", ["own"], "expected text, got list"),
        ("home", None, "no value"),
        ("home", "castle", "not trained on"),
    ],
)
@pytest.mark.parametrize("before", [0, 2])
def test_a_wrong_value_is_refused_by_column_and_row(column: str, value: Any, what: str, before: int) -> None:
    columns = {name: values * before + [value if name == column else values[0]] for name, values in ROW.items()}
    with pytest.raises(ValueError, match=f"column '{column}', row {before}: .*{what}") as caught:
        Encoder(ALL).encode(columns)
    assert "castle" not in str(caught.value)
    assert "67" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (np.array([True]), "expected numbers, got an array of bool"),
        (np.array(["1"]), "expected numbers"),
        (np.array([[1.0]]), "one value a row"),
        (np.array([2**60]), "beyond"),
        (np.array([1.0], np.longdouble), "expected numbers"),
        (pa.array([True]), "expected a number|expected numbers"),
    ],
)
def test_an_array_of_a_wrong_kind_is_refused(values: Any, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Encoder((NUMBER,)).encode({"income": values})


def test_an_unknown_category_is_all_zeros_where_the_policy_says_so() -> None:
    encoder = Encoder((HOME, JOB), unknown="unknown")
    for rows in (1, 2):
        matrix = encoder.encode({"home": ["castle"] * rows, "job": ["clerk"] * rows})
        assert matrix.tolist() == [[0.0, 0.0, 1.0, 0.0]] * rows
    with pytest.raises(ValueError, match="mend the policy"):
        Encoder((HOME,), unknown="guess")  # type: ignore[arg-type]


def test_columns_must_be_there_and_of_one_length() -> None:
    encoder = Encoder((NUMBER, INTEGER))
    with pytest.raises(ValueError, match="'age' is missing: the model's inputs are income, age"):
        encoder.encode({"income": [1.0]})
    with pytest.raises(ValueError, match="'income' 1, 'age' 2"):
        encoder.encode({"income": [1.0], "age": [1, 2]})
    assert encoder.encode({"income": [], "age": [], "unused": ["x"]}).shape == (0, 2)


def test_a_number_too_large_for_the_scale_is_refused() -> None:
    tiny = Encoding(NUMBER.column, scale=1e-10)
    with pytest.raises(ValueError, match="row 0: a number too large"):
        Encoder((tiny,)).encode({"income": [1e300]})
    with pytest.raises(ValueError, match="cannot standardise"):
        Encoder((Encoding(NUMBER.column, scale=0.0),))


@pytest.mark.parametrize("rows", [1, 2, 32, 33])
def test_a_number_too_large_for_the_scale_is_refused_however_many_rows_there_are(rows: int) -> None:
    encoder = Encoder((Encoding(Column("x", ColumnType.NUMBER), scale=1e-300),))
    with pytest.raises(ValueError, match="too large for the model's scale"):
        encoder.encode({"x": [1e15] * rows})
