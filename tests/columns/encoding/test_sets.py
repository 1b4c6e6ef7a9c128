"""Sets of categories are columns that say on which side each code is, and null is on none."""

from __future__ import annotations

import numpy as np

from muster.columns.encoding.sets import Sets, bits_of
from muster.columns.encoding.steps import run


def test_a_set_that_is_asked_twice_is_one_column_and_null_is_in_none() -> None:
    sets = Sets(1)
    asked = [((3, 1), False), ((1, 3), False), ((1,), True)]
    assert [sets.asked(0, (), right, others_right=others) for right, others in asked] == [1, 1, 2]
    codes = np.array([1.0, 2.0, 3.0, np.nan])
    first, second = (run(step, codes) for _, (step,) in sets.extras)
    assert np.array_equal(first, [1.0, 0.0, 1.0, np.nan], equal_nan=True)
    assert np.array_equal(second, [0.0, 1.0, 1.0, np.nan], equal_nan=True)


def test_bits_are_counted_through_words() -> None:
    assert bits_of([5, 0, 2**31]) == [0, 2, 95]
