from __future__ import annotations

import numpy as np
import pytest

from muster.gateway.protocols.oip.joined import split
from muster.records.data import Column, ColumnType

COLUMNS = (Column("x", ColumnType.NUMBER), Column("n", ColumnType.INTEGER, nullable=True))


def test_a_tensor_is_taken_apart_by_column() -> None:
    rows = split([1.5, 2.0, None, None], "FP64", 2, COLUMNS)
    assert rows.columns == {"x": [1.5, None], "n": [2, None]}
    assert rows.datatypes == {"x": "FP64", "n": "INT64"}
    assert type(rows.columns["n"][0]) is int
    assert split([1, 2], "INT32", 1, COLUMNS).datatypes == {"x": "INT32", "n": "INT32"}


def test_arrays_are_taken_apart_without_a_copy_of_the_numbers() -> None:
    sent = np.arange(200.0)
    rows = split(sent, "FP64", 100, COLUMNS)
    assert np.shares_memory(rows.columns["x"], sent)
    assert rows.columns["n"].dtype == np.int64
    sent[1] = np.nan
    assert np.isnan(split(sent, "FP64", 100, COLUMNS).columns["n"][0])


@pytest.mark.parametrize("values", [[1.0, 67.5], np.tile([1.0, 67.5], 60)])
def test_a_fraction_is_no_whole_number(values: object) -> None:
    with pytest.raises(ValueError, match="column n, row 0: expected a whole number"):
        split(values, "FP64", 1, COLUMNS)


def test_texts_cannot_be_joined_with_numbers() -> None:
    with pytest.raises(ValueError, match="one tensor a column"):
        split([1.0, 2.0], "FP64", 1, (*COLUMNS[:1], Column("c", ColumnType.CATEGORY, categories=("a",))))
