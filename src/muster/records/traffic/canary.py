"""Canary: a version that is let at ever more people, as long as figures from the log say that it may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from muster.records.codec import kind
from muster.records.evidence import Figure
from muster.records.traffic.stop import subject_of


@dataclass(frozen=True, slots=True)
class CanaryLimits:
    """How much worse than the champion a version may be in the same time; each is held against an interval."""

    errors: float = 0.01
    """Share of requests that the model could not answer: canary less champion."""
    refusals: float = 0.02
    """Share of rows that guards refused: canary less champion."""
    latency: float = 1.5
    """99th percentile of the time to answer: canary over champion."""
    drift: float = 0.25
    """Population stability index of the scores, canary against champion."""
    approval: float = 0.1
    """Share of favourable decisions: canary and champion apart by, either way."""
    fairness: float = 0.8
    """Smallest ratio of favourable decisions between two groups; counts where the plan names a column of groups."""
    least: int = 200
    """Decisions that each side must have before anything is concluded."""


class CanaryState(StrEnum):
    """How a canary stands."""

    RUNNING = "running"
    PAUSED = "paused"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled-back"
    ABORTED = "aborted"


@kind("canary.started")
@dataclass(frozen=True, slots=True)
class CanaryPlan:
    """How a version is let at people: shares of them, the time at each, and limits."""

    group: str
    name: str
    version: str
    champion: str
    """Version that it is held against, and that answers everybody again if it fails."""
    steps: tuple[float, ...]
    """Shares of the people, 0 to 1, growing; the last may be 1, which makes it the champion."""
    each_minutes: float
    limits: CanaryLimits = field(default_factory=CanaryLimits)
    groups: str = ""
    """Input by which people are told apart for fairness; empty: no groups are known."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return subject_of(self.group, self.name)


@kind("canary.moved")
@dataclass(frozen=True, slots=True)
class CanaryMove:
    """What was decided about a canary, why, and on which figures."""

    group: str
    name: str
    version: str
    state: CanaryState
    step: int
    """Place among the steps of the plan, from 0."""
    share: float
    since: datetime
    """When this step began."""
    reason: str
    figures: tuple[Figure, ...] = ()

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return subject_of(self.group, self.name)
