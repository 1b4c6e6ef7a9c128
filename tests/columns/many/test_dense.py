"""Columns as arrays hold what the lists hold, or there are no arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from tests.columns.many.columns import COLUMNS, rows

from muster.columns.encoding.coded import Coded
from muster.columns.many.dense import Typed, dense_of, layout_of
from muster.records.data import Column, ColumnType

LAYOUT = layout_of(COLUMNS)


def typed(values: dict[str, list[Any]]) -> Typed:
    return Typed(LAYOUT, [values[column.name] for column in COLUMNS])


def is_plain(column: Column, value: Any) -> bool:
    if value is None:
        return column.nullable
    return value in column.categories if column.type is ColumnType.CATEGORY else abs(value) < 2**53


@given(rows())
def test_there_are_arrays_exactly_of_many_plain_rows_and_they_hold_the_same(values: dict[str, list[Any]]) -> None:
    dense = typed(values).dense()
    plain = all(is_plain(column, value) for column in COLUMNS for value in values[column.name])
    assert (dense is not None) == (plain and len(values["age"]) > 32)
    for name, held in dense.columns().items() if dense else ():
        shown = held.tolist() if isinstance(held, Coded) else [None if np.isnan(x) else x for x in held]
        assert shown == values[name]


@given(rows())
def test_the_extremes_are_those_of_the_numbers_that_are_there(values: dict[str, list[Any]]) -> None:
    dense = typed(values).dense()
    if dense is None:
        return
    for name, low, high in zip(LAYOUT.numbers, dense.low, dense.high, strict=True):
        present = [value for value in values[name] if value is not None]
        assert (low, high) == (min(present), max(present)) if present else np.isnan([low, high]).all()
    assert dense.gaps == any(None in values[name] for name in LAYOUT.numbers)


def test_equal_columns_share_a_layout_and_others_are_not_taken_for_it() -> None:
    values = typed({column.name: [column.categories[0] if column.categories else 1] * 40 for column in COLUMNS})
    assert dense_of(values, layout_of(tuple(COLUMNS))) is values.dense() is not None
    assert dense_of(values, layout_of(COLUMNS[1:])) is None
    assert dense_of(dict(values), LAYOUT) is None


def test_many_categories_need_more_than_a_byte_and_either_kind_may_be_absent() -> None:
    names = tuple(f"c{number}" for number in range(300))
    layout = layout_of((Column("c", ColumnType.CATEGORY, categories=names),))
    dense = Typed(layout, [list(names)]).dense()
    assert dense
    assert dense.codes.tolist() == [list(range(300))]
    assert dense.numbers.shape == (0, 300)
    numbers = Typed(layout_of((Column("x", ColumnType.NUMBER),)), [[1.5] * 40]).dense()
    assert numbers
    assert numbers.codes.shape == (0, 40)
