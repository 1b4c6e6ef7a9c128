"""Adoption of a policy: what is proposed, and what people sign before it comes into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.records.codec import kind
from muster.records.policy import Policy


@kind("policy.proposed")
@dataclass(frozen=True, slots=True)
class ProposedPolicy:
    """A draft that waits for people to sign it; until then the policy of its id stays in force."""

    policy: Policy

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return self.policy.subject


@dataclass(frozen=True, slots=True)
class PolicyApproval:
    """What is signed: that this policy may come into force in the place of that one."""

    policy: str
    """Digest of the policy."""
    name: str
    """Its id."""
    replaces: str
    """Digest of the policy of its id that was in force; empty where there was none."""
    approver: str
    role: str
    proposed_by: str
    """Who proposed it, and so may not sign it."""
    signed_at: datetime
    origin: str
    """Name of the house's ledger: it counts in no other."""


@kind("policy.signed")
@dataclass(frozen=True, slots=True)
class SignedPolicy:
    """A policy approval in its DSSE envelope, signed with the approver's own key."""

    name: str
    policy: str
    """Digest of the policy."""
    envelope: str
    """JSON text of the DSSE envelope; the payload is an in-toto Statement whose predicate is the approval."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"policy:{self.name}"
