"""Frames hold what the table held, or the column and row that does not fit are named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from muster.adapters.sklearn.frame import frame, rows_of, table_of, target
from muster.records.data import Column, ColumnType

NUMBER = Column("x", ColumnType.NUMBER)
INTEGER = Column("x", ColumnType.INTEGER)
TEXT = Column("x", ColumnType.CATEGORY)


def test_numbers_become_float64_and_categories_text_with_none(table: pa.Table, columns: tuple[Column, ...]) -> None:
    made = frame(table, columns)
    assert list(made.columns) == ["income", "home", "age", "job"]
    assert made["income"].isna().sum() == table["income"].null_count
    assert made["age"].to_numpy().dtype == np.float64
    assert made["job"].tolist() == table["job"].to_pylist()
    assert made["home"].tolist() == table["home"].to_pylist()


def test_rows_go_to_arrow_and_back(table: pa.Table, columns: tuple[Column, ...]) -> None:
    rows = rows_of(table, columns)
    again = rows_of(table_of(rows, columns), columns)
    for column in columns:
        np.testing.assert_array_equal(rows[column.name], again[column.name])


@pytest.mark.parametrize(
    ("column", "values", "what"),
    [
        (NUMBER, pa.array([1.0, None]), "row 1: no value"),
        (NUMBER, pa.array([1.0, float("nan")]), "row 1: expected a number"),
        (NUMBER, pa.array([float("inf")]), "row 0: expected a number"),
        (NUMBER, pa.array(["1"]), "expected numbers, got string"),
        (NUMBER, pa.array([True]), "expected numbers, got bool"),
        (NUMBER, pa.array([2**60 + 1]), "beyond 2\\*\\*53"),
        (INTEGER, pa.array([1.0, 67.5]), "row 1: expected an integer"),
        (TEXT, pa.array([1]), "expected text, got int64"),
        (Column("y", ColumnType.NUMBER), pa.array([1]), "'y' is missing: the table has x"),
    ],
)
def test_what_does_not_fit_is_refused(column: Column, values: Any, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        frame(pa.table({"x": values}), [column])


def test_a_nullable_integer_column_keeps_its_nulls() -> None:
    made = frame(pa.table({"x": pa.array([3, None])}), [Column("x", ColumnType.INTEGER, nullable=True)])
    np.testing.assert_array_equal(made["x"].to_numpy(), [3.0, np.nan])


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        (pa.array([0, 1, 1]), 1),
        (pa.array(["no", "yes", "yes"]), "yes"),
        (pa.array(["no", "yes", "yes"]).dictionary_encode(), "yes"),
        (pa.array([False, True, True]), 1),
    ],
)
def test_the_target_is_one_where_it_is_positive(values: Any, positive: int | str) -> None:
    assert target(pa.table({"y": values}), "y", positive).tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("values", "positive", "what"),
    [
        (pa.array([0, None, 1]), 1, "has 1 nulls"),
        (pa.array([0, 0]), 1, "0 of 2 rows are 1"),
        (pa.array([1, 1]), 1, "needs both classes"),
        (pa.array(["0", "1"]), 1, "is string, but the positive value 1 is int"),
        (pa.array([0, 1]), "1", "is int64, but the positive value '1' is str"),
    ],
)
def test_a_target_that_cannot_be_learnt_is_refused(values: Any, positive: int | str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        target(pa.table({"y": values}), "y", positive)


def test_a_missing_target_is_named() -> None:
    with pytest.raises(ValueError, match="target column 'z' is missing: the table has y"):
        target(pa.table({"y": [1]}), "z", 1)
