from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.names.column import encode_column, read_column

COLUMNS = st.integers(1, 400).flatmap(
    lambda count: st.tuples(
        st.dictionaries(st.integers(0, count - 1), st.integers(1, 2**32 - 1) | st.integers(1, 300)), st.just(count)
    )
)


@given(COLUMNS)
def test_every_value_comes_back_and_no_other(drawn: tuple[dict[int, int], int]) -> None:
    values, count = drawn
    column = read_column(memoryview(encode_column(values, count)), count, "column")
    assert [column.get(number) for number in range(count)] == [values.get(number) for number in range(count)]
    assert column.filled() == values


def test_small_values_take_little_room_whether_few_or_all_have_one() -> None:
    few = encode_column({5: 7, 900_000: 15_000}, 900_001)
    every = encode_column({number: 1 + number % 9 for number in range(1000)}, 1000)
    assert len(few) < 40
    assert len(every) < 1040


def test_what_was_cut_off_or_is_of_another_list_is_refused() -> None:
    content = encode_column({1: 2, 3: 4}, 10)
    for wrong, count in ((content[:-1], 10), (b"", 10), (b"x" + content[1:], 10), (content, 1)):
        with pytest.raises(ValueError, match="rank: no column of"):
            read_column(memoryview(wrong), count, "rank")


def test_values_that_do_not_fit_are_refused() -> None:
    for value in (0, 2**32):
        with pytest.raises(ValueError, match="values of a column go from 1"):
            encode_column({0: value}, 1)
