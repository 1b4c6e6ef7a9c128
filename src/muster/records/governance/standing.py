"""Standing, as it changed: what fell out, since when, why, and what that brings; and when it stood again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.records.codec import kind


@kind("standing.changed")
@dataclass(frozen=True, slots=True)
class StandingChanged:
    """A release stands otherwise than before."""

    version: str
    use_case: str
    environment: str
    scope: str
    package: str
    before: str
    """State before, such as ``in-force``."""
    after: str
    reasons: tuple[str, ...]
    """What is open, in sentences; empty where it stands again."""
    since: datetime | None
    """Since when it does not stand, which may be before anybody looked."""
    deployments: tuple[str, ...]
    """Where orders let it answer at that moment, as ``GROUP/NAME``."""
    owner: str
    """Id of the actor who answers for the use case."""
    action: str
    """What the lapse brings: ``alert``, ``suspend`` or ``roll-back``; empty where it stands."""
    ends: datetime | None
    """When grace ends; None where there is none."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"
