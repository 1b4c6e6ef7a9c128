"""The matrix that boosted trees read: what its encodings say comes back from their bytes, and misfits are named."""

from __future__ import annotations

import numpy as np
import pytest

from muster.adapters.boosters.matrix import encoded, encodings_of, from_bytes, plain_numbers, to_bytes
from muster.records.data import Column, ColumnType

COLUMNS = (
    Column("income", ColumnType.NUMBER, nullable=True),
    Column("job", ColumnType.CATEGORY, nullable=True, categories=("clerk", "nurse")),
)
NUMBERS = (Column("b", ColumnType.NUMBER), Column("a", ColumnType.INTEGER))


def test_numbers_stay_and_categories_get_a_place_each() -> None:
    rows = {"income": [1.5, None, 2.0, 3.0], "job": ["nurse", "clerk", None, "pilot"]}
    wanted = [[1.5, 0, 1, 0], [np.nan, 1, 0, 0], [2.0, 0, 0, 1], [3.0, 0, 0, 0]]
    assert np.array_equal(encoded(encodings_of(COLUMNS), rows), wanted, equal_nan=True)


def test_encodings_come_back_from_their_bytes() -> None:
    made = encodings_of(COLUMNS)
    assert from_bytes(to_bytes(made), COLUMNS) == made


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[]", "no object with format 1"),
        (b'{"format":2,"encodings":[]}', "no object with format 1"),
        (to_bytes(encodings_of(COLUMNS[:1])), "encodes income; declared as inputs are income, job"),
        (to_bytes(encodings_of((COLUMNS[0], Column("job", ColumnType.NUMBER)))), "another type .* for job"),
    ],
)
def test_encodings_of_other_columns_are_refused(raw: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        from_bytes(raw, COLUMNS)


def test_plain_numbers_are_read_in_the_models_order() -> None:
    assert [e.column.name for e in plain_numbers(NUMBERS, ("a", "b"), 2)] == ["a", "b"]
    assert [e.column.name for e in plain_numbers(NUMBERS, (), 2)] == ["b", "a"]


def test_columns_that_the_model_does_not_read_are_named() -> None:
    with pytest.raises(ValueError, match="job hold text and the model reads numbers"):
        plain_numbers(COLUMNS, (), 2)
    with pytest.raises(ValueError, match="the model reads a, c; declared as inputs are b, a"):
        plain_numbers(NUMBERS, ("a", "c"), 2)
    with pytest.raises(ValueError, match="the model reads 3 columns, 2 are declared"):
        plain_numbers(NUMBERS, (), 3)
