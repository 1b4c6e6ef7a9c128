"""Sign-offs beside the approval itself: asked for, rejected, withdrawn, lent to another, and their conditions met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.records.codec import kind
from muster.records.decision import Question


@kind("approval.asked")
@dataclass(frozen=True, slots=True)
class AskedApproval:
    """Somebody asks that a version is signed off. It changes no verdict, and its end approves nothing."""

    question: Question
    role: str
    """Of whom it is asked: anybody who holds it."""
    until: datetime
    """When an answer is wished for at the latest."""
    asked_of: str = ""
    """Id of the one who is asked; empty: any holder of the role."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.question.version}"


@kind("approval.rejected")
@dataclass(frozen=True, slots=True)
class SignedRejection:
    """A rejection in its DSSE envelope, signed as an approval is; its predicate type says that it is one.

    It stands until whoever signed it withdraws it, or approves.
    """

    version: str
    envelope: str
    """JSON text of the DSSE envelope; the payload is an in-toto Statement whose predicate has an approval's fields."""
    comment: str = ""
    """Digest of why, as it is sealed in the vault; empty if nothing was said."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@kind("approval.withdrawn")
@dataclass(frozen=True, slots=True)
class WithdrawnSignOff:
    """Whoever signed an approval or a rejection takes it back."""

    version: str
    approval: str
    """Digest of the ledger entry that is taken back."""
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@kind("condition.met")
@dataclass(frozen=True, slots=True)
class MetCondition:
    """Whoever signed off on a condition says that it is met."""

    version: str
    approval: str
    """Digest of the ledger entry of the sign-off."""
    number: int
    """Which of its conditions, from 1."""
    how: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@dataclass(frozen=True, slots=True)
class Delegation:
    """What somebody signs who lends their role: to one person, for one use case, until a date. It cannot be lent on."""

    principal: str
    """Who lends it: the trust root gives their key this role."""
    delegate: str
    """Who may sign in it, with a key of their own."""
    role: str
    use_case: str
    signed_at: datetime
    expires_at: datetime
    origin: str
    """Name of the house's ledger: it counts in no other."""


@kind("approval.delegated")
@dataclass(frozen=True, slots=True)
class SignedDelegation:
    """A delegation in its DSSE envelope, signed with the own key of whoever lends the role."""

    use_case: str
    envelope: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"use-case:{self.use_case}"


@kind("delegation.ended")
@dataclass(frozen=True, slots=True)
class EndedDelegation:
    """A delegation ends before its date; what was signed under it until then stays."""

    use_case: str
    delegation: str
    """Digest of the ledger entry of the delegation."""
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"use-case:{self.use_case}"
