"""Emergency: that a version may be released before people have signed it off, by whose word, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.records.codec import kind
from muster.records.decision import Question


@dataclass(frozen=True, slots=True)
class Emergency:
    """What somebody signs who answers for a release before its sign-offs; the policy says who may, and for how long."""

    question: Question
    approver: str
    role: str
    policy: str
    """Digest of the policy entry's body that was in force."""
    library: str
    """Digest of the library entry's body that was in force."""
    reason: str
    """Why it cannot wait; without personal data, for it stays for ever."""
    signed_at: datetime
    origin: str
    """Name of the house's ledger: it counts in no other."""


@kind("emergency.signed")
@dataclass(frozen=True, slots=True)
class SignedEmergency:
    """Leave for an emergency release in its DSSE envelope, signed with the key of who gives it."""

    version: str
    envelope: str
    """JSON text of the DSSE envelope; the payload is an in-toto Statement whose predicate is the emergency."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"
