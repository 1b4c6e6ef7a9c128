from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.names.near import Near, edits

WORDS = st.text("abc-", max_size=7)
POPULAR = ("requests", "numpy", "pandas", "request", "reqests")


@cache
def _defined(one: str, other: str) -> int:
    """Return the distance by its recursive definition."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        _defined(one[:-1], other) + 1,
        _defined(one, other[:-1]) + 1,
        _defined(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if one[-2:] == other[-2:][::-1] and len(one) > 1:
        ways.append(_defined(one[:-2], other[:-2]) + 1)
    return min(ways)


@given(WORDS, WORDS, st.integers(0, 4))
def test_the_distance_is_as_defined_up_to_the_most_that_is_asked(one: str, other: str, most: int) -> None:
    found = edits(one, other, most)
    assert found == _defined(one, other) or min(found, _defined(one, other)) > most


@given(WORDS, st.lists(WORDS, max_size=12, unique=True), st.integers(1, 3), st.integers(0, 12))
def test_every_near_name_is_found_in_the_order_of_use(name: str, popular: list[str], distance: int, among: int) -> None:
    wanted = [other for other in popular[:among] if other != name and _defined(name, other) <= distance]
    assert Near(popular).find(name, distance, among) == wanted


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("reqeusts", ["requests", "reqests"]),
        ("requests", ["request", "reqests"]),
        ("panda", ["pandas"]),
        ("numpyy", ["numpy"]),
    ],
)
def test_slips_are_recognised(name: str, found: list[str]) -> None:
    assert Near(POPULAR).find(name, 1, 10) == found
    assert Near(POPULAR).find("scipy", 1, 10) == []
