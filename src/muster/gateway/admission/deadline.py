"""Deadline: the instant at which something stops to be allowed, told by two clocks so that setting one back is vain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


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
