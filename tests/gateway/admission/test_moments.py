from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.hearing import Heard

from muster.gateway.admission.alarms import Alarms
from muster.gateway.admission.moments import JUMP, Moments

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clocks:
    def __init__(self) -> None:
        self.wall, self.ticks, self.heard = NOON, 0.0, Heard()
        alarms = Alarms("gateway:g/1", self.heard, lambda: self.wall)
        self.moments = Moments(lambda: self.wall, lambda: self.ticks, alarms)

    def pass_(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds


def test_time_runs_as_it_should() -> None:
    clocks = Clocks()
    clocks.moments.hold(NOON)
    clocks.pass_(7200)
    assert clocks.moments.now(NOON) == NOON + timedelta(hours=2)
    assert clocks.heard.alerts == []


def test_a_clock_that_is_set_back_changes_nothing_and_is_told() -> None:
    clocks = Clocks()
    clocks.moments.hold(NOON)
    clocks.pass_(7200)
    clocks.wall = NOON - timedelta(days=3)
    assert clocks.moments.now(NOON) == NOON + timedelta(hours=2)
    assert clocks.heard.names == ["clock-set-back"]


def test_also_across_a_restart() -> None:
    clocks = Clocks()
    assert clocks.moments.now(NOON + timedelta(days=1)) == NOON + timedelta(days=1)
    assert clocks.heard.names == ["clock-set-back"]


def test_a_clock_that_is_set_forward_counts_and_is_told() -> None:
    clocks = Clocks()
    clocks.moments.hold(NOON)
    clocks.pass_(60)
    clocks.wall += timedelta(days=3)
    assert clocks.moments.now(NOON) == clocks.wall
    assert clocks.heard.names == ["clock-set-forward"]


def test_a_clock_may_be_a_little_off() -> None:
    clocks = Clocks()
    clocks.moments.hold(NOON)
    clocks.wall -= JUMP
    assert clocks.moments.now(NOON) == NOON
    clocks.wall += 2 * JUMP
    clocks.moments.now(NOON)
    assert clocks.heard.alerts == []
