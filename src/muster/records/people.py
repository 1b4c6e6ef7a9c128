"""Actor and role: who may act. Actors are pseudonymous ids; names live outside the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from muster.records.codec import kind


class Role(StrEnum):
    """A duty that an actor may hold."""

    ML_ENGINEER = "ml-engineer"
    VALIDATOR = "validator"
    RISK_ANALYST = "risk-analyst"
    OWNER = "owner"
    EXECUTIVE = "executive"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    ADMIN = "admin"


@kind("actor.added")
@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or a service account, who may act; ``token_digest`` is the SHA-256 of a random bearer token."""

    id: str
    roles: tuple[Role, ...]
    token_digest: str = ""
    responsible: str = ""
    """For a service account: the id of the person who answers for it."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.id}"


@kind("action.refused")
@dataclass(frozen=True, slots=True)
class RefusedAttempt:
    """An action that somebody tried and was not allowed, or that a gate refused; without the arguments."""

    action: str
    reason: str
