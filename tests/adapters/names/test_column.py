from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.names.column import encode_column, read_column

VALUES = st.lists(st.just(0) | st.integers(0, 2**32 - 1) | st.integers(0, 300), max_size=200)


@given(VALUES)
def test_every_value_comes_back_and_no_other(values: list[int]) -> None:
    column = read_column(memoryview(encode_column(values)), len(values), "column")
    assert [column.get(number) for number in range(len(values))] == values
    assert dict(column.items()) == {number: value for number, value in enumerate(values) if value}


def test_values_take_little_room_whether_few_or_all_have_one() -> None:
    few = encode_column([0] * 900_000 + [7])
    every = encode_column([1 + number % 9 for number in range(1000)])
    assert len(few) < 40
    assert len(every) < 1040


def test_what_was_cut_off_or_is_of_another_list_is_refused() -> None:
    content = encode_column([0, 2, 0, 4, 0, 0, 0, 0, 0, 0])
    for wrong, count in ((content[:-1], 10), (b"", 10), (b"x" + content[1:], 10), (content, 1)):
        with pytest.raises(ValueError, match="rank: no column of"):
            read_column(memoryview(wrong), count, "rank")


def test_values_that_do_not_fit_are_refused() -> None:
    for value in (-1, 2**32):
        with pytest.raises(ValueError, match="values of a column go from 0"):
            encode_column([value])
