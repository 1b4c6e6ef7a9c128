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
