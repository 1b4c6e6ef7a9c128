"""Roles as they are proposed, granted and withdrawn; a role that signs off needs two people to be granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.records.codec import kind
from muster.records.people import Role
from muster.records.purpose import UseCase

SIGNING = frozenset({Role.VALIDATOR, Role.RISK_ANALYST, Role.OWNER, Role.EXECUTIVE})
"""Roles that sign off: one person proposes them for somebody, another confirms."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a role counts: the use cases and business units named; everywhere, if none is."""

    use_cases: tuple[str, ...] = ()
    business_units: tuple[str, ...] = ()

    @property
    def everywhere(self) -> bool:
        """Whether nothing is left out."""
        return not self.use_cases and not self.business_units

    def covers(self, use_case: UseCase) -> bool:
        """Tell whether a use case lies in it."""
        return self.everywhere or use_case.id in self.use_cases or use_case.business_unit in self.business_units


@kind("role.proposed")
@dataclass(frozen=True, slots=True)
class RoleProposal:
    """Somebody proposes that an actor get a role that signs off; another person confirms it before it lapses."""

    id: str
    actor: str
    role: Role
    scope: Scope
    reason: str
    expires_at: datetime

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"


@kind("role.granted")
@dataclass(frozen=True, slots=True)
class RoleGrant:
    """An actor gets a role; one that signs off counts only by a proposal that another person had made."""

    actor: str
    role: Role
    scope: Scope
    proposal: str = ""
    """Id of the proposal; empty where the role needs none."""
    until: datetime | None = None

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"


@kind("role.withdrawn")
@dataclass(frozen=True, slots=True)
class RoleWithdrawal:
    """An actor loses a role, wherever it counted."""

    actor: str
    role: Role
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"


@kind("actor.removed")
@dataclass(frozen=True, slots=True)
class ActorRemoval:
    """An actor may come in no more: all roles, tokens and sessions end."""

    actor: str
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"
