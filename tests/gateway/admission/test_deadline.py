from __future__ import annotations

from datetime import timedelta

from tests.gateway.world import NOW

from muster.gateway.admission.deadline import Deadline


def test_either_clock_ends_it_at_the_instant() -> None:
    ticks = [100.0]
    deadline = Deadline.of(NOW + timedelta(seconds=10), NOW, lambda: ticks[0])
    assert not deadline.passed(NOW + timedelta(seconds=10) - timedelta(microseconds=1))
    assert deadline.passed(NOW + timedelta(seconds=10))
    ticks[0] = 109.9
    assert not deadline.passed(NOW)
    ticks[0] = 110.0
    assert deadline.passed(NOW - timedelta(days=365))
