from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from muster.guards.values import absent, floats, outside, texts

NUMBERS = st.lists(st.one_of(st.none(), st.floats(-5, 5)), min_size=1)


@given(NUMBERS)
def test_lists_and_arrays_say_the_same(values: list[float | None]) -> None:
    array = np.array(values, np.float64)
    gone = [value is None for value in values]
    assert absent(values).tolist() == absent(array).tolist() == gone
    expected = [row for row, value in enumerate(values) if value is not None and not -1 <= value <= 1]
    assert outside(values, -1, 1) == outside(array, -1, 1) == expected
    assert np.array_equal(floats(values), array, equal_nan=True)


def test_categories_may_come_as_an_array_of_objects() -> None:
    values = ["a", None, "b"]
    assert absent(texts(values)).tolist() == absent(values).tolist() == [False, True, False]
    assert absent(np.array([1, 2])).tolist() == [False, False]
