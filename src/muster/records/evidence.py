"""Evidence: what a check measured, on which bytes, with how much certainty. It never says pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from muster.records.codec import ADDED, kind

ATTESTED = "attested"
"""Role of what people answered by hand, and the family of the checks that stand for it: ``attested.ID``."""


class Outcome(StrEnum):
    """Whether a check could measure."""

    MEASURED = "measured"
    NOT_MEASURED = "not-measured"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number with its sample size and, where the method has one, its confidence interval."""

    name: str
    value: float
    n: int
    low: float | None = None
    high: float | None = None
    group: str = ""
    """Which group or column it is about, such as ``AGE=25-34``; empty for the whole sample."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a check returns: figures, or why there are none."""

    figures: tuple[Figure, ...]
    outcome: Outcome = Outcome.MEASURED
    reason: str = ""
    method: str = ""
    """How the figures and intervals were computed, in a sentence that a validator can follow."""


@kind("evidence.recorded")
@dataclass(frozen=True, slots=True)
class Evidence:
    """A measurement bound to a model version and to the sample that it was taken on; the entry's time is its age."""

    version: str
    check: str
    check_version: int
    parameters: Mapping[str, Any]
    sample: str
    """Digest of the dataset version or window that was measured."""
    sample_name: str
    """Name of that sample; newer evidence replaces older evidence of the same name only."""
    sample_role: str
    """``held-out`` before release, ``trial`` beside a champion, ``window`` in production, ``attested`` by people."""
    figures: tuple[Figure, ...]
    outcome: Outcome
    reason: str = ""
    method: str = ""
    valid_until: datetime | None = field(default=None, metadata=ADDED)
    """Of what people attested: until when it holds. None: as long as the policy lets evidence count."""
    independent: bool = field(default=False, metadata=ADDED)
    """Of what people attested: whether it counts only from somebody who is no author of the version."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@kind("profile.frozen")
@dataclass(frozen=True, slots=True)
class ReferenceProfile:
    """What inputs and score looked like on the sample that a version was assessed on; windows are held against it."""

    version: str
    sample: str
    profile: str
    """Digest of the blob that holds the counts; no person's values are in it."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"
