from __future__ import annotations

import pytest

from muster.columns.many.repeated import Repeated


def test_a_repeated_value_is_as_a_list_of_it() -> None:
    many = Repeated("a", 3)
    assert (list(many), many[-1], many[1:], len(many)) == (["a"] * 3, "a", ["a"] * 2, 3)
    with pytest.raises(IndexError):
        many[3]
