"""Waivers beside the leave itself: asked for by one person, and withdrawn before their end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.records.codec import kind


@kind("waiver.requested")
@dataclass(frozen=True, slots=True)
class WaiverRequest:
    """Somebody asks that one version may pass one control for a time; the entry's actor is who asks."""

    version: str
    control: str
    environment: str
    reason: str
    compensating_control: str
    """What is done instead."""
    expires_at: datetime
    """The end that is wished for; what is granted ends then or sooner."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@kind("waiver.withdrawn")
@dataclass(frozen=True, slots=True)
class WithdrawnWaiver:
    """A waiver counts no more."""

    version: str
    waiver: str
    """Digest of the ledger entry in which it was granted."""
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"
