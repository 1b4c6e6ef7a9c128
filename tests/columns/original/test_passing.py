"""Rows for a model of another library are checked as strictly as rows that are encoded here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from muster.columns.original.passing import PassingEncoder, from_wire, to_wire
from muster.records.data import Column, ColumnType

COLUMNS = (
    Column("debt", ColumnType.NUMBER, nullable=True),
    Column("age", ColumnType.INTEGER),
    Column("home", ColumnType.CATEGORY, categories=("own", "rent")),
)
ROWS: dict[str, list[Any]] = {"debt": [1.5, None], "age": [30, 41], "home": ["own", "rent"]}


def test_rows_come_back_from_the_wire_as_they_were() -> None:
    table = from_wire(to_wire(PassingEncoder(COLUMNS).encode({**ROWS, "unused": [1, 2]})))
    assert table.to_pydict() == ROWS
    arrays = {"debt": np.array([1.5, np.nan]), "age": np.array([30.0, 41.0]), "home": np.array(["own", "rent"])}
    assert PassingEncoder(COLUMNS).encode(arrays).equals(table)


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("debt", "1.5", "expected a number, got str"),
        ("age", 30.5, "got a fraction"),
        ("age", None, "no value"),
        ("home", None, "no value"),
        ("home", 3, "expected text, got int"),
        ("home", "castle", "not trained on"),
    ],
)
def test_a_wrong_value_is_refused_by_column_and_row(column: str, value: Any, what: str) -> None:
    with pytest.raises(ValueError, match=f"column '{column}', row 1: .*{what}") as caught:
        PassingEncoder(COLUMNS).encode({**ROWS, column: [ROWS[column][0], value]})
    assert "castle" not in str(caught.value)


def test_columns_must_be_there_and_of_one_length_and_unknown_categories_may_pass() -> None:
    with pytest.raises(ValueError, match="'age' is missing"):
        PassingEncoder(COLUMNS).encode({"debt": [], "home": []})
    with pytest.raises(ValueError, match="differ in length"):
        PassingEncoder(COLUMNS).encode({**ROWS, "age": [1]})
    passed = PassingEncoder(COLUMNS, "unknown").encode({**ROWS, "home": ["castle", "own"]})
    assert passed["home"].to_pylist() == ["castle", "own"]
