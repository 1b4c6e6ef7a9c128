from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from muster.verifier.gate.people.seats import assign

ROLES = ("risk-analyst", "validator", "owner")


@given(
    st.lists(st.sampled_from(ROLES), max_size=4),
    st.dictionaries(st.sampled_from("abcde"), st.sets(st.sampled_from(ROLES), min_size=1)),
)
def test_every_seat_is_taken_by_somebody_of_its_own_where_that_can_be(
    seats: list[str], signed: dict[str, set[str]]
) -> None:
    orders = itertools.permutations(sorted(signed), len(seats))
    can_be = any(all(role in signed[who] for role, who in zip(seats, order, strict=True)) for order in orders)
    assert (len(assign(seats, signed)) == len(seats)) == can_be


def test_somebody_moves_to_another_seat_for_who_has_only_one() -> None:
    found = assign(["a", "b"], {"x": {"a", "b"}, "y": {"a"}})
    assert found == {0: "y", 1: "x"}
    assert assign(["a", "b", "c"], {"x": {"a", "b"}, "y": {"a", "c"}, "z": {"a"}}) == {0: "z", 1: "x", 2: "y"}
    assert assign(["a"], {"x": {"b"}}) == {}


def test_the_order_of_people_makes_no_difference() -> None:
    people = {"y": {"a"}, "x": {"a"}, "z": {"a", "b"}}
    assert assign(["a", "b"], people) == assign(["a", "b"], dict(sorted(people.items()))) == {0: "x", 1: "z"}
