"""Deadline: the instant at which something stops to be allowed, told by two clocks so that setting one back is vain."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant by the wall clock, and the same by the monotonic clock."""

    at: datetime
    ticks: float

    @classmethod
    def of(cls, at: datetime, now: datetime, ticks: Callable[[], float] = time.monotonic) -> Deadline:
        """Fix a deadline at ``at``, it being ``now``."""
        return cls(at, ticks() + (at - now).total_seconds())

    def passed(self, now: datetime, ticks: Callable[[], float] = time.monotonic) -> bool:
        """Tell whether either clock has come to it."""
        return now >= self.at or ticks() >= self.ticks
