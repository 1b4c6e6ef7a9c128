import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.records.release import Buckets, Deployment, Part
from muster.rules.traffic.sharing import (
    BUCKETS,
    MAY_BE,
    allot,
    bucket_of,
    joined,
    lanes_of,
    salt_of,
    settled,
    tried_on,
)

SHARES = st.floats(0.0001, 0.5)


def opened(ranges: tuple[Buckets, ...]) -> set[int]:
    return {bucket for each in ranges for bucket in range(each.first, each.end)}


@given(SHARES, SHARES, SHARES)
def test_a_share_that_changes_moves_nobody_between_challengers(first: float, second: float, third: float) -> None:
    had = allot({}, {"a": first, "b": second})
    now = allot(had, {"a": third, "b": second})
    assert now["b"] == had["b"]
    before, after = opened(had["a"]), opened(now["a"])
    assert before <= after if third >= first else after <= before
    assert len(after) == round(third * BUCKETS)


@given(st.lists(st.floats(0.0001, 0.3), min_size=1, max_size=3))
def test_every_bucket_has_one_version(shares: list[float]) -> None:
    given_out = allot({}, {str(place): share for place, share in enumerate(shares)})
    lanes = lanes_of(list(given_out.values()))
    for number, ranges in enumerate(given_out.values(), 1):
        assert {bucket for bucket, lane in enumerate(lanes) if lane == number} == opened(ranges)
        assert all(one.end < other.first for one, other in pairwise(ranges)), "ranges are as few as can be"


@given(st.sets(st.integers(0, BUCKETS - 1)))
def test_buckets_are_written_as_ranges_and_read_again(buckets: set[int]) -> None:
    assert opened(joined(buckets)) == buckets


def test_buckets_that_are_given_back_go_to_others_last() -> None:
    had = allot({}, {"a": 0.2, "b": 0.1})
    now = allot(had, {"a": 0.1, "b": 0.2})
    assert not opened(now["b"]) & opened(had["a"])


def test_people_fall_evenly_into_buckets_that_say_nothing_of_other_deployments() -> None:
    one, other = salt_of("one"), salt_of("other")
    people = [str(person).encode() for person in range(20_000)]
    early = [person for person in people if bucket_of(one, person) < 1_000]
    assert 1_850 < len(early) < 2_150
    assert 150 < sum(bucket_of(other, person) < 1_000 for person in early) < 250
    assert bucket_of(one, b"7") == 8529, "what a person meets may not change with a version of this library"


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"a": 0.6, "b": 0.6}, "120.00% of the traffic"),
        ({"a": 0.0}, "above 0 and up to 1"),
        ({"a": -0.1}, "above 0 and up to 1"),
        ({"a": 1.1}, "above 0 and up to 1"),
        ({"a": float("nan")}, "above 0 and up to 1"),
        ({"a": 0.00001}, "in steps of 0.0001"),
    ],
)
def test_shares_that_cannot_be_are_refused(shares: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        allot({}, shares)


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ([(Buckets(0, 10),), (Buckets(9, 11),)], "given to two versions"),
        ([(Buckets(5, 5),)], "there are 10000"),
        ([(Buckets(-1, 5),)], "there are 10000"),
        ([(Buckets(0, 10_001),)], "there are 10000"),
        ([()] * 256, "255 is the most"),
    ],
)
def test_orders_that_give_buckets_wrongly_are_noticed(people: list[tuple[Buckets, ...]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        lanes_of(people)


def test_a_champion_has_what_challengers_leave() -> None:
    champion = Deployment("a", "u", "production", "serve", "v", "s", "p")
    challenger = replace(champion, version="w", part=Part.CHALLENGER, people=(Buckets(0, 1_000),))
    assert [each.share for each in settled((champion, challenger))] == [0.9, 0.1]
    assert settled((champion,)) == (champion,)


def test_versions_on_trial_are_counted_by_whom_they_answer() -> None:
    champion = Deployment("a", "u", "production", "serve", "v", "s", "p")
    trial = replace(champion, version="w", scope="trial", part=Part.CHALLENGER, people=(Buckets(0, 1_000),))
    other = replace(trial, version="x", people=(Buckets(2_000, 4_500),))
    released = replace(trial, version="y", scope="serve", people=(Buckets(5_000, 9_000),))
    shadow = replace(trial, version="z", part=Part.SHADOW, people=(Buckets(0, 10_000),))
    assert tried_on([champion, trial, other, released, shadow]) == 0.35


def test_a_release_to_trial_lets_a_version_be_anything_but_the_champion() -> None:
    assert {
        "serve": {Part.CHAMPION, Part.CHALLENGER, Part.SHADOW},
        "trial": {Part.CHALLENGER, Part.SHADOW},
        "shadow": {Part.SHADOW},
    } == MAY_BE
