"""Legal hold: what must be kept for a court, an authority or an investigation, whatever its time or who asks."""

from __future__ import annotations

from dataclasses import dataclass

from muster.records.codec import kind


@kind("hold.set")
@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing that belongs to it is removed or erased until the hold is lifted."""

    id: str
    about: str
    """Ledger subject: ``version:DIGEST``, ``use-case:ID`` with all its versions, or ``dataset:DIGEST``."""
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return self.about


@kind("hold.lifted")
@dataclass(frozen=True, slots=True)
class LiftedHold:
    """What was held may go again, as its time and its people say."""

    hold: str
    about: str
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return self.about
