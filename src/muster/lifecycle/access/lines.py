"""Lines: actors, roles, proposals and tokens as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.records.access.roles import Scope
from muster.rules.access.roll import Member, Proposal, Roll, Token

PROPOSED, IN_FORCE = "proposed", "in force"


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role that somebody holds, or that is proposed for them."""

    actor: str
    role: str
    where: str
    """``everywhere``, or the use cases and business units in which it counts."""
    state: str
    """``in force``, or ``proposed``: then somebody must confirm it by its id."""
    by: tuple[str, ...]
    """Who granted it, or proposed and confirmed it."""
    proposal: str = ""
    until: datetime | None = None
    """When the role ends, or the proposal lapses."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token, without its digest."""

    id: str
    actor: str
    label: str
    state: str
    """``good``, ``expired``, ``revoked``; ``ended`` with its actor, who was removed or locked."""
    expires_at: datetime
    roles: tuple[str, ...]
    """The only roles that it carries; none named: all that its actor holds."""
    read_only: bool
    issued_by: str


@dataclass(frozen=True, slots=True)
class ActorLine:
    """An actor in a list."""

    id: str
    roles: tuple[str, ...]
    """Roles in force; a star marks those that do not count everywhere."""
    proposed: tuple[str, ...]
    """Roles that another person must confirm."""
    responsible: str
    """For a service account: the person who answers for it."""
    state: str
    """``active``; ``locked``: nobody answers for it any longer."""
    note: str
    """How an admin came to be one, where no second person confirmed it."""
    name: str = ""
    """As the directory has it; shown to admins and auditors only."""


@dataclass(frozen=True, slots=True)
class ActorPage:
    """Everything about one actor."""

    id: str
    name: str
    state: str
    responsible: str
    accounts: tuple[str, ...]
    """Service accounts that they answer for."""
    roles: tuple[RoleLine, ...]
    tokens: tuple[TokenLine, ...]


def where(scope: Scope) -> str:
    """Say where a role counts."""
    named = [*scope.use_cases, *(f"unit {unit}" for unit in scope.business_units)]
    return ", ".join(named) or "everywhere"


def state_of(roll: Roll, member: Member) -> str:
    """Say whether an actor may come in."""
    if member.removed_at is not None:
        return f"removed on {member.removed_at:%Y-%m-%d}"
    return "locked" if roll.locked(member) else "active"


def held_by(member: Member, now: datetime) -> tuple[RoleLine, ...]:
    """Return the roles that an actor holds now."""
    return tuple(
        RoleLine(member.id, held.role, where(held.scope), IN_FORCE, held.given_by, held.proposal, held.until)
        for held in member.holdings
        if held.counts(now)
    )


def proposed_for(roll: Roll, now: datetime, actor: str = "") -> tuple[RoleLine, ...]:
    """Return the open proposals, of one actor or of all."""
    proposals = [known for known in roll.proposals.values() if known.open(now)]
    return tuple(_proposal(known) for known in proposals if actor in {"", known.proposed.actor})


def token_line(roll: Roll, token: Token, now: datetime) -> TokenLine:
    """Return a token for reading."""
    issued = token.issued
    return TokenLine(
        issued.id,
        issued.actor,
        issued.label,
        _token_state(roll, token, now),
        issued.expires_at,
        tuple(issued.roles),
        issued.read_only,
        token.by,
    )


def _token_state(roll: Roll, token: Token, now: datetime) -> str:
    owner = roll.living(token.issued.actor)
    if token.revoked:
        return "revoked"
    if owner is None or roll.locked(owner):
        return "ended"
    return "good" if now < token.issued.expires_at else "expired"


def _proposal(known: Proposal) -> RoleLine:
    proposed = known.proposed
    return RoleLine(
        proposed.actor,
        proposed.role,
        where(proposed.scope),
        PROPOSED,
        (known.entered_by,),
        proposed.id,
        proposed.expires_at,
        proposed.reason,
    )
