"""Decision: the answer of a gate, with a reason for every demand; approvals and waivers that it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from muster.records.codec import ADDED, kind


class Verdict(StrEnum):
    """The answer of a gate. Only ALLOW allows."""

    ALLOW = "allow"
    WAIT = "wait"
    """Everything that is measured is met; people have still to sign."""
    REFUSE = "refuse"


class Finding(StrEnum):
    """How one demand came out."""

    MET = "met"
    WAIVED = "waived"
    NOT_MET = "not-met"
    NOT_ENOUGH_EVIDENCE = "not-enough-evidence"
    MISSING = "missing"
    STALE = "stale"
    NOT_MEASURED = "not-measured"
    UNKNOWN = "unknown"
    """Could not be decided: an unknown control, check or value. It refuses."""
    NOT_APPLICABLE = "not-applicable"
    """The control is not for a use case with these facts; the reason says which."""


SETTLED = frozenset({Finding.MET, Finding.WAIVED, Finding.NOT_APPLICABLE})
"""Findings that leave nothing open."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One demand of the policy and how it came out, in words."""

    demand: str
    """Control id, ``sign-off:ROLE``, ``parity`` or another demand of the policy."""
    finding: Finding
    statement: str
    explanation: str
    evidence: tuple[str, ...] = ()
    """Digests of the ledger entries that it rests on."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a gate is asked: whether this version may serve this use case in this environment and scope."""

    version: str
    use_case: str
    environment: str
    scope: str = "serve"
    """``serve``, ``trial`` (some of the people, never all) or ``shadow`` (nobody)."""


@kind("decision.made")
@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reasons; it names by digest everything that it rests on."""

    question: Question
    verdict: Verdict
    reasons: tuple[Reason, ...]
    policy: str
    library: str
    rules: int
    """Version of the rules that decided."""
    at: datetime

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.question.version}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be done after a sign-off, by whom and until when; past that moment the sign-off counts no more."""

    text: str
    """In business words; it is signed and stays in the ledger: no personal data."""
    owner: str
    """Id of the actor who sees to it."""
    due: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approver signs: that the question may be answered with yes, having seen this much."""

    question: Question
    approver: str
    role: str
    policy: str
    """Digest of the policy entry's body that was in force."""
    evidence: tuple[str, ...]
    """Digests of the evidence entries that the approver saw."""
    comment_digest: str
    """Digest of the comment and a salt, which are kept where they can be erased; empty if there is none."""
    signed_at: datetime
    library: str = ""
    """Digest of the library entry's body: the limits that were in force. An approval that names none does not count."""
    origin: str = field(default="", metadata=ADDED)
    """Name of the house's ledger: it counts in no other. Earlier ones name none; the evidence entries that they name,
    which are in one ledger only, bind them to their house."""
    conditions: tuple[Condition, ...] = field(default=(), metadata=ADDED)
    """What it depends on; whoever signed says when one is met."""
    delegation: str = field(default="", metadata=ADDED)
    """Digest of the ledger entry by which another lent the approver this role; empty: it is the approver's own."""
    platform: bool = field(default=False, metadata=ADDED)
    """Whether the platform signed, in the name of an approver whom it had authenticated and who has no key."""


@kind("approval.signed")
@dataclass(frozen=True, slots=True)
class SignedApproval:
    """An approval in its DSSE envelope, signed with the approver's own key, or by the platform in their name."""

    version: str
    envelope: str
    """JSON text of the DSSE envelope; the payload is an in-toto Statement whose predicate is the approval."""
    comment: str = field(default="", metadata=ADDED)
    """Digest of the approver's comment as it is sealed in the vault; empty if there is none."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"


@kind("waiver.granted")
@dataclass(frozen=True, slots=True)
class Waiver:
    """Leave to serve one version though one control is not met, until a date, with something done instead."""

    version: str
    control: str
    environment: str
    reason: str
    compensating_control: str
    expires_at: datetime
    requested_by: str
    """The entry's actor grants; the two must be two people."""
    request: str = field(default="", metadata=ADDED)
    """Digest of the ledger entry in which it was asked for; the first ones name none."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"version:{self.version}"
