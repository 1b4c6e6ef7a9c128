"""Deadline: the instant at which something stops to be allowed, told by two clocks so that setting one back is vain.

Why it is just that one is said to the operator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from muster.records.release import Orders
from muster.rules.admission import Admission


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant by the wall clock, and the same by a clock that only runs on (seconds, as ``time.monotonic``)."""

    at: datetime
    end: float
    ticks: Callable[[], float]

    @classmethod
    def of(cls, at: datetime, now: datetime, ticks: Callable[[], float]) -> Deadline:
        """Fix a deadline at ``at``, it being ``now``."""
        return cls(at, ticks() + (at - now).total_seconds(), ticks)

    def passed(self, now: datetime) -> bool:
        """Tell whether either clock has come to it."""
        return now >= self.at or self.ticks() >= self.end


def ending(admission: Admission, orders: Orders) -> tuple[datetime, str]:
    """Return the moment from which a deployment is not served, and what happens then."""
    if orders.expires_at < admission.until:
        return orders.expires_at, "the orders in force end"
    return admission.until, admission.ends


def answered(admission: Admission) -> str:
    """Write what the gate says: it allows, or what lapsed is still within the grace of its policy."""
    if admission.lapsed:
        return f"refuse: {admission.lapsed}; it lapsed, and {admission.policy.id} gives people time to mend that"
    demands = admission.decision.reasons
    waived = sum(reason.finding.value == "waived" for reason in demands)
    return f"allow; {len(demands)} demands, {waived} of them waived"
