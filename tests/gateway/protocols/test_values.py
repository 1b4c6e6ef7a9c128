from __future__ import annotations

from typing import Any

import pytest

from muster.gateway.protocols.values import column_values, typed
from muster.records.data import Column, ColumnType

COLUMNS = (Column("x", ColumnType.NUMBER), Column("n", ColumnType.INTEGER), Column("c", ColumnType.CATEGORY))


@pytest.mark.parametrize(
    ("values", "datatype"),
    [
        ([1, None], "INT64"),
        ([1.5, 2], "FP64"),
        (["a", None], "BYTES"),
        ([True], "BOOL"),
    ],
)
def test_a_column_has_the_datatype_of_its_values(values: list[Any], datatype: str) -> None:
    read = typed({"x": values, "foreign": values}, len(values), COLUMNS, "inputs")
    assert dict(read.datatypes) == {"x": datatype, "foreign": datatype}
    assert read.columns["x"] == values


def test_a_column_without_a_value_has_the_datatype_of_the_model() -> None:
    read = typed({name: [None] for name in "xncz"}, 1, COLUMNS, "inputs")
    assert dict(read.datatypes) == {"x": "FP64", "n": "INT64", "c": "BYTES", "z": "BYTES"}


def test_whole_numbers_that_tables_write_as_floats_are_whole_numbers() -> None:
    read = typed({"n": [12.0, None], "x": [12.0, None]}, 2, COLUMNS, "inputs", whole=True)
    assert (read.datatypes["n"], read.columns["n"], read.datatypes["x"]) == ("INT64", [12, None], "FP64")
    assert type(read.columns["n"][0]) is int
    assert typed({"n": [67.5]}, 1, COLUMNS, "inputs", whole=True).datatypes["n"] == "FP64"


@pytest.mark.parametrize("values", [[1, "a"], [True, 1], [[1]], [{}]])
def test_values_of_several_kinds_are_refused_by_the_name_of_a_known_column_only(values: list[Any]) -> None:
    with pytest.raises(ValueError, match="inputs: column x must hold"):
        typed({"x": values}, len(values), COLUMNS, "inputs")
    with pytest.raises(ValueError, match="inputs: a column must hold"):
        typed({"Jane": values}, len(values), COLUMNS, "inputs")


def test_records_must_have_the_same_columns() -> None:
    assert column_values([{"x": 1}, {"x": 2}], COLUMNS, "rows").columns == {"x": [1, 2]}
    with pytest.raises(ValueError, match=r"rows\[1\]"):
        column_values([{"x": 1}, {"n": 2}], COLUMNS, "rows")
    with pytest.raises(ValueError, match="must be an object"):
        column_values([{"x": 1}, 2], COLUMNS, "rows")
