from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.guards.guard import Context, Outcome, Rows, Scores
from muster.guards.limits.rate import PerClient, Rate, per_client
from muster.records.governance.serving import ClientRate
from muster.records.governance.serving import Rate as Terms


class Ticks:
    """A clock that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(ticks: Ticks, speed: float = 2.0, burst: int = 4) -> Rate:
    guard = Rate()
    guard.open(Context((), rate=Terms(speed, burst), ticks=ticks))
    return guard


def passes(guard: Rate, rows: int = 1) -> bool:
    ruling = guard.feed(Rows(rows, {}, {}))
    assert ruling
    return ruling.outcome is Outcome.ALLOW


def test_a_burst_passes_and_then_only_what_flows_in() -> None:
    ticks = Ticks()
    guard = opened(ticks)
    assert [passes(guard) for _ in range(5)] == [True] * 4 + [False]
    ticks.now = 0.5
    assert [passes(guard), passes(guard)] == [True, False]
    ticks.now = 1000.0
    assert [passes(guard, 4), passes(guard)] == [True, False]
    assert guard.feed(Scores([1.0])) is None


def test_a_request_that_could_never_pass_is_told_so() -> None:
    ruling = opened(Ticks()).feed(Rows(5, {}, {}))
    assert ruling
    assert "4 may come at once" in ruling.reason


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 4)), max_size=50))
def test_never_more_passes_than_burst_and_rate_allow(asked: list[tuple[float, int]]) -> None:
    ticks = Ticks()
    guard = opened(ticks)
    passed = 0
    for pause, rows in asked:
        ticks.now += pause
        passed += rows if passes(guard, rows) else 0
        assert passed <= 4 + 2.0 * ticks.now + 1e-9


def test_threads_share_one_bucket() -> None:
    guard = opened(Ticks(), burst=1000)
    passed: list[bool] = []
    threads = [threading.Thread(target=lambda: passed.extend(passes(guard) for _ in range(300))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 1000


@pytest.mark.parametrize("terms", [None, Terms(0.0, 1), Terms(float("nan"), 1), Terms(1.0, 0)])
def test_a_rate_at_which_nothing_passes_does_not_open(terms: Terms | None) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        Rate().open(Context((), rate=terms))


def test_a_client_has_a_bucket_of_its_own() -> None:
    one, other = per_client(ClientRate(0.001, 2)), per_client(ClientRate(0.001, 2))
    assert [passes(one), passes(one), passes(one)] == [True, True, False]
    assert passes(other)
    assert isinstance(one, PerClient)
    ruling = one.feed(Rows(1, {}, {}))
    assert ruling
    assert ruling.guard == "client-rate"


@pytest.mark.parametrize("terms", [Terms(1.0, 1, ClientRate(0.0, 1)), Terms(1.0, 1, ClientRate(1.0, 0))])
def test_a_rate_at_which_no_client_could_ask_is_found_before_anybody_does(terms: Terms) -> None:
    with pytest.raises(ValueError, match="must be more than 0, and burst 1 or more"):
        Rate().open(Context((), rate=terms))
