"""Stop: nothing answers under a name any more, until another person lets it."""

from __future__ import annotations

from dataclasses import dataclass

from muster.records.codec import kind


def subject_of(group: str, name: str) -> str:
    """Return the ledger subject of a deployment."""
    return f"deployment:{group}/{name}"


@kind("deployment.stopped")
@dataclass(frozen=True, slots=True)
class Stopped:
    """A deployment was stopped; orders leave it out from then on, whoever issues them."""

    group: str
    name: str
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return subject_of(self.group, self.name)


@kind("deployment.resumed")
@dataclass(frozen=True, slots=True)
class Resumed:
    """Somebody other than the one who stopped a deployment lets it answer again."""

    group: str
    name: str
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return subject_of(self.group, self.name)
