from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from muster.gateway.ids import Tails, many_ids, unique_ids


@given(st.integers(1, 50), st.integers(0, 2**48 - 1))
def test_ids_are_uuids_of_version_seven(count: int, millis: int) -> None:
    ids = unique_ids(count, millis)
    assert len(set(ids)) == count
    for text in ids:
        read = uuid.UUID(text)
        assert str(read) == text
        assert (read.version, read.variant, read.int >> 80) == (7, uuid.RFC_4122, millis)


def test_threads_never_get_the_same() -> None:
    source = Tails(64)
    with ThreadPoolExecutor(4) as threads:
        taken = [tail for tails in threads.map(source.take, [20] * 500) for tail in tails]
    assert len(set(taken)) == len(taken) == 10_000


@given(st.lists(st.integers(1, 300), min_size=1, max_size=20))
def test_as_many_come_as_were_asked_for(counts: list[int]) -> None:
    source = Tails(64)
    taken = [source.take(count) for count in counts]
    assert [len(tails) for tails in taken] == counts
    assert len({tail for tails in taken for tail in tails}) == sum(counts)


def test_many_ids_have_the_layout_of_single_ones_and_all_differ() -> None:
    made = [bytes(row).decode() for row in many_ids(2_000, 1_790_000_000_000)]
    assert len(set(made)) == 2_000
    assert {made[0][:15]} == {one[:15] for one in made} == {unique_ids(1, 1_790_000_000_000)[0][:15]}
    for one in made:
        assert uuid.UUID(one).version == 7
        assert one[19] in "89ab"
    assert {one[19] for one in made} == set("89ab")
