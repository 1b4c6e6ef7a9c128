from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from muster.columns.encoding.arrays import array_of
from muster.columns.encoding.coded import Coded

CODES = np.array([1, 0, 1], np.int32)


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        ("one", pa.string(), ["one"] * 3),
        (7, pa.int64(), [7] * 3),
        (np.array([1.0, np.nan, 2.0]), pa.int64(), [1, None, 2]),
        (np.array([1.0, np.nan, 2.0]), pa.float64(), [1.0, None, 2.0]),
        (np.array([1, 2, 3], np.int32), pa.float64(), [1.0, 2.0, 3.0]),
        (np.frombuffer(b"abcdef", np.uint8).reshape(3, 2), pa.string(), ["ab", "cd", "ef"]),
        (Coded((None, "a"), CODES), pa.string(), ["a", None, "a"]),
        (Coded((None, "a"), CODES), pa.dictionary(pa.int8(), pa.string()), ["a", None, "a"]),
        (Coded((None, True), CODES), pa.bool_(), [True, None, True]),
        ({1: ["a", "b"]}, pa.list_(pa.string()), [[], ["a", "b"], []]),
        ({}, pa.list_(pa.string()), [[], [], []]),
    ],
)
def test_columns_of_any_kind_become_arrays(values: object, kind: pa.DataType, found: list[object]) -> None:
    array = array_of(values, 3, kind)
    assert array.type == kind
    assert array.to_pylist() == found
    array.validate(full=True)
