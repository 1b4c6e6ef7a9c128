from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from muster.adapters.rowfiles.cells import categories, is_text, numbers, plain
from muster.records.data import Column, ColumnType


@pytest.mark.parametrize(
    ("kind", "cells", "wrong"),
    [
        (ColumnType.NUMBER, ["1", "-2.5", "1e3", None, ".5", "5.", "1E-400", "1e400"], []),
        (ColumnType.NUMBER, ["1", "x", "", "nan", "inf", "1,5", "0x1"], [1, 2, 3, 4, 5, 6]),
        (ColumnType.NUMBER, ["nan"], [0]),
        (ColumnType.INTEGER, ["1", "-2", None, "3"], []),
        (ColumnType.INTEGER, ["1.0", "true", "9999999999999999999", "7"], [0, 1, 2]),
    ],
)
def test_cells_read_as_their_type_or_are_faults_of_their_rows(
    kind: ColumnType, cells: list[str | None], wrong: list[int]
) -> None:
    faults: dict[int, str] = {}
    found = numbers(pa.array(cells), Column("x", kind), faults).to_pylist()
    assert sorted(faults) == wrong
    assert all(fault.startswith("column x: expected a") for fault in faults.values())
    for row, cell in enumerate(cells):
        assert found[row] == (None if cell is None or row in wrong else float(cell))


def test_categories_come_once_each_with_what_is_missing() -> None:
    for values in (pa.array(["b", None, "b"]), pa.array(["b", None, "b"], pa.large_string())):
        assert categories(values).tolist() == ["b", None, "b"]
    sliced = pa.array(["a", "b", None]).dictionary_encode().slice(1)
    assert categories(sliced).tolist() == ["b", None]


def test_numbers_are_what_they_were() -> None:
    assert plain(pa.array([1, 2])).dtype == np.int64
    assert np.isnan(plain(pa.array([1, None])))[1]
    assert is_text(pa.large_string())
    assert not is_text(pa.binary())
