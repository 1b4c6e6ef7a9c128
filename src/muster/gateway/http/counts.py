"""Counts: how many requests a deployment answered, and how long that took; cheap enough for every request."""

from __future__ import annotations

from dataclasses import dataclass, field

OIP, INVOCATIONS, PREDICT = range(3)
"""Doors, by their place in :data:`DOORS`."""

DOORS = ("oip", "invocations", "predict")
"""Protocols by which decisions are asked for."""

BITS = 64
"""Of a count of nanoseconds."""


@dataclass(slots=True)
class Counts:
    """Of one version in one deployment, since this process began to serve it."""

    rows: int = 0
    """Decided."""
    answered: int = 0
    """Requests."""
    answered_ns: int = 0
    failed: int = 0
    """Requests that were refused, or could not be answered."""
    failed_ns: int = 0
    last_ms: int = 0
    """When the last one was answered, in milliseconds since 1970."""
    doors: list[int] = field(default_factory=lambda: [0] * len(DOORS))
    """Requests answered, by door."""
    latency: list[int] = field(default_factory=lambda: [0] * (BITS + 1))
    """Requests answered, by how many bits their nanoseconds have: those at ``n`` took less than ``2**n``."""
    failures: dict[tuple[int, str], int] = field(default_factory=dict)
    """Requests that failed, by door and outcome."""
    refusals: dict[str, int] = field(default_factory=dict)
    """Requests that a guard refused, by guard."""

    def answer(self, rows: int, nanoseconds: int, door: int, at_ms: int) -> None:
        """Count a request that was answered; well below a microsecond."""
        self.rows += rows
        self.answered += 1
        self.answered_ns += nanoseconds
        self.last_ms = at_ms
        self.doors[door] += 1
        self.latency[nanoseconds.bit_length()] += 1

    def fail(self, nanoseconds: int, door: int, outcome: str, guard: str = "") -> None:
        """Count a request that failed; ``guard`` is who refused it, if one did."""
        self.failed += 1
        self.failed_ns += nanoseconds
        key = door, outcome
        self.failures[key] = self.failures.get(key, 0) + 1
        if guard:
            self.refusals[guard] = self.refusals.get(guard, 0) + 1


def outcome_of(status: int) -> str:
    """Return what became of a request that ended with a status, in one word."""
    return _OUTCOMES.get(status, "invalid" if 400 <= status < 500 else "failed")


_OUTCOMES = {422: "refused", 429: "limited", 413: "too-large", 503: "unavailable", 500: "failed"}
