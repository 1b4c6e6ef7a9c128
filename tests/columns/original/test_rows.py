"""The row that a model cannot score is found, by law, and said with the reason."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from muster.columns.original.rows import Unscored, scored

Floats = NDArray[np.float64]


def numbers(values: list[float]) -> pa.Table:
    return pa.table({"x": pa.array(values, pa.float64())})


def wary(table: pa.Table) -> Floats:
    """A model that throws on 7 and answers 2 with what is no probability."""
    values = table["x"].to_numpy()
    if (values == 7).any():
        msg = "seven is not a number that I know"
        raise LookupError(msg)
    return np.where(values == 2, np.nan, 0.5)


@settings(deadline=None)  # the first call of Arrow takes its time
@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 7.0]), min_size=1, max_size=40))
def test_the_first_row_that_fails_is_named_if_any_does(values: list[float]) -> None:
    found = scored(wary, numbers(values))
    failing = [row for row, value in enumerate(values) if value in (2.0, 7.0)]
    if not failing:
        assert isinstance(found, np.ndarray)
        assert found.tolist() == [0.5] * len(values)
        return
    assert isinstance(found, Unscored)
    assert found.row == failing[0]
    wanted = "LookupError: seven is not" if values[failing[0]] == 7 else "it gave nan, which is no probability"
    assert wanted in found.reason


def test_what_is_said_names_row_and_reason() -> None:
    found = scored(wary, numbers([0, 0, 7]))
    assert str(found) == (
        "the model cannot score row 2 (rows count from 0): LookupError: seven is not a number that I know"
    )


def test_a_model_that_fails_only_on_all_rows_together_is_said_to() -> None:
    def small(table: pa.Table) -> Floats:
        if table.num_rows > 3:
            msg = "too many rows"
            raise ValueError(msg)
        return np.full(table.num_rows, 0.5)

    found = scored(small, numbers([0.0] * 4))
    assert str(found) == "the model cannot score the rows: too many rows"


def test_another_number_of_scores_is_no_scoring() -> None:
    found = scored(lambda _: np.array([0.5]), numbers([0, 0]))
    assert isinstance(found, Unscored)
    assert "shape (1,)" in found.reason


def test_want_of_memory_says_nothing_of_a_row() -> None:
    def large(_: pa.Table) -> Floats:
        raise MemoryError

    with pytest.raises(MemoryError):
        scored(large, numbers([0]))


def test_values_of_the_row_are_not_repeated() -> None:
    def model(table: pa.Table) -> Floats:
        row = table.to_pylist()[-1]
        if row["name"] == "Ann (Lee)":
            msg = f"could not convert string to float: {row['name']!r}, beside {row['age']} and {row['x']} in column x2"
            raise ValueError(msg)
        return np.full(table.num_rows, 0.5)

    table = pa.table({"name": ["Bob", "Ann (Lee)"], "age": [30, 41], "x": [1.0, 2.5]})
    found = scored(model, table)
    assert isinstance(found, Unscored)
    assert found.reason == "could not convert string to float: '(value)', beside (value) and (value) in column x2"
