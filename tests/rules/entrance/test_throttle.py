from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muster.rules.entrance.throttle import FREE, LONGEST_DELAY, Bucket, Rate, delay, take

RATE = Rate(burst=5, per_second=0.5)


def test_a_burst_may_pass_and_then_one_waits() -> None:
    bucket, waits = None, []
    for _ in range(6):
        bucket, wait = take(RATE, bucket, 100.0)
        waits.append(wait)
    assert waits == [0, 0, 0, 0, 0, 2.0]


def test_waiting_as_told_is_enough() -> None:
    bucket, wait = take(RATE, Bucket(0.25, 10.0), 10.0)
    assert wait == 1.5
    assert take(RATE, bucket, 10.0 + wait)[1] == 0


def test_a_clock_that_goes_back_gives_nothing() -> None:
    assert take(RATE, Bucket(0.5, 100.0), 1.0)[1] > 0


@given(st.lists(st.floats(0, 50), max_size=60))
def test_no_more_than_the_burst_and_the_rate_pass(pauses: list[float]) -> None:
    now, passed, bucket = 0.0, 0, None
    for pause in pauses:
        now += pause
        bucket, wait = take(RATE, bucket, now)
        passed += wait == 0
    assert passed <= RATE.burst + now * RATE.per_second + 1e-6


@given(st.integers(0, 10_000))
def test_delays_grow_and_end(failures: int) -> None:
    assert 0 <= delay(failures) <= delay(failures + 1) <= LONGEST_DELAY
    assert (delay(failures) == 0) == (failures < FREE)
