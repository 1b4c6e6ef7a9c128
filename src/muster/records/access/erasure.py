"""Erasure and retention: what was destroyed, so that its absence is told from tampering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.records.codec import kind

LOGGED, SEGMENTS, PERSONAL = "inference-log", "inference-log-segments", "inference-log-personal"
"""Kinds of data: all of the log; its files, once their rows are in tables; the inputs that it keeps apart."""


@kind("personal-data.erased")
@dataclass(frozen=True, slots=True)
class Erasure:
    """The key of one subject's personal data was destroyed: what was sealed with it can be read by nobody any more."""

    data_subject: str
    """Pseudonymous id of the person."""
    sealed: tuple[str, ...]
    """Digests of the sealed blobs that nobody can read from now on."""
    reason: str
    locked_until: datetime | None = None
    """Until when some of the sealed bytes stay where they are, unreadable, because a lock forbids to delete them."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"person:{self.data_subject}"


@kind("retention.set")
@dataclass(frozen=True, slots=True)
class Retention:
    """How long one kind of data is kept."""

    data: str
    """``comments``, ``datasets``, ``inference-log`` and so on: what ``muster retention list`` names."""
    days: int
    """After so many days it is removed."""
    reason: str
    at_least_days: int = 0
    """For so many days its bytes may not be removed, whoever asks; 0: they may at any time."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"retention:{self.data}"


@kind("retention.applied")
@dataclass(frozen=True, slots=True)
class RetentionRun:
    """What had been kept for long enough was removed."""

    data: str
    before: datetime
    removed: tuple[str, ...]
    """Digests or names of what goes; written before it does. What a later run says is locked has stayed."""
    locked: tuple[str, ...] = ()
    """What should be gone, and stays because a lock or a legal hold forbids it."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"retention:{self.data}"
