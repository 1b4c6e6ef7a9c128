from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.gateway.world import NOW

from muster.gateway.admission.deadline import Deadline, answered, ending


def test_either_clock_ends_it_at_the_instant() -> None:
    ticks = [100.0]
    deadline = Deadline.of(NOW + timedelta(seconds=10), NOW, lambda: ticks[0])
    assert not deadline.passed(NOW + timedelta(seconds=10) - timedelta(microseconds=1))
    assert deadline.passed(NOW + timedelta(seconds=10))
    ticks[0] = 109.9
    assert not deadline.passed(NOW)
    ticks[0] = 110.0
    assert deadline.passed(NOW - timedelta(days=365))


@pytest.mark.parametrize(
    ("hours", "why"), [(1, "the orders in force end"), (3, "the release expires"), (2, "the release expires")]
)
def test_the_first_end_is_told_with_its_reason(hours: int, why: str) -> None:
    admission: Any = SimpleNamespace(until=NOW + timedelta(hours=2), ends="the release expires")
    orders: Any = SimpleNamespace(expires_at=NOW + timedelta(hours=hours))
    assert ending(admission, orders) == (NOW + timedelta(hours=min(hours, 2)), why)


def test_the_gate_is_quoted_as_it_answered() -> None:
    reasons = [SimpleNamespace(finding=SimpleNamespace(value=value)) for value in ("met", "waived", "met")]
    admission: Any = SimpleNamespace(lapsed="", decision=SimpleNamespace(reasons=reasons))
    assert answered(admission) == "allow; 3 demands, 1 of them waived"
    admission = SimpleNamespace(lapsed="auc: too old", policy=SimpleNamespace(id="credit"))
    assert answered(admission).startswith("refuse: auc: too old; it lapsed, and credit gives people time")
