"""Roll: the actors with their roles and tokens, as the entries that count have left them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from muster.records.access.credentials import IssuedToken
from muster.records.access.roles import SIGNING, RoleProposal, Scope
from muster.records.people import Role

SECOND_PERSON = SIGNING | {Role.ADMIN}
"""Roles that one person proposes and another confirms."""

CONFIRMING = frozenset({Role.RISK_ANALYST, Role.OWNER, Role.EXECUTIVE})
"""Roles beside admin whose holders may confirm what was proposed, as far as their own scope goes."""

PROPOSAL_LIFE = timedelta(days=7)
TOKEN_LIFE = timedelta(days=365)
"""The longest that a token may live."""

SYSTEM = "system"
"""Who entries name when nobody asked: the control plane itself. No actor may be called so."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A role that somebody holds, where it counts, and by whose entries."""

    role: Role
    scope: Scope
    given_by: tuple[str, ...]
    """Actors as the entries name them: who granted it, or who proposed and who confirmed it."""
    proposal: str = ""
    until: datetime | None = None

    def counts(self, at: datetime) -> bool:
        """Whether it has not ended yet."""
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class Member:
    """An actor, with what they hold."""

    id: str
    responsible: str
    """For a service account: the person who answers for it."""
    holdings: tuple[Holding, ...]
    removed_at: datetime | None = None

    def roles(self, at: datetime) -> frozenset[Role]:
        """Return the roles held at a moment, wherever they count."""
        return frozenset(held.role for held in self.holdings if held.counts(at))

    def scopes(self, role: Role, at: datetime) -> tuple[Scope, ...]:
        """Return where a role counts at a moment; nothing if it is not held."""
        return tuple(held.scope for held in self.holdings if held.role == role and held.counts(at))


@dataclass(frozen=True, slots=True)
class Token:
    """An issued token, by whose entry, and whether it was revoked."""

    issued: IssuedToken
    by: str
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed role, by whose entry, and whether it is done with: confirmed, or overtaken."""

    proposed: RoleProposal
    by: str
    """Id of the actor who proposed it."""
    entered_by: str
    """The same as the entry names them."""
    closed: bool = False

    def open(self, at: datetime) -> bool:
        """Whether it may still be confirmed."""
        return not self.closed and at < self.proposed.expires_at


@dataclass(slots=True)
class Roll:
    """Everybody, by id; what is in the mappings never changes, it is replaced."""

    members: dict[str, Member] = field(default_factory=dict)
    """Also those who were removed: nobody else may ever bear their ids."""
    tokens: dict[str, Token] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    bearers: set[str] = field(default_factory=set)
    """Who has, or had, a token."""

    def copy(self) -> Roll:
        """Return a roll that can change while others read this one."""
        return Roll(dict(self.members), dict(self.tokens), dict(self.proposals), set(self.bearers))

    def living(self, actor: str) -> Member | None:
        """Return an actor who was added and not removed."""
        found = self.members.get(actor)
        return found if found is not None and found.removed_at is None else None

    def person(self, actor: str) -> Member | None:
        """Return a living actor who is a person and no service account."""
        found = self.living(actor)
        return found if found is not None and not found.responsible else None

    def locked(self, member: Member) -> bool:
        """Whether nobody answers any longer for a service account."""
        return bool(member.responsible) and self.person(member.responsible) is None

    def admins(self, at: datetime) -> frozenset[str]:
        """Return the ids of the persons who are admin."""
        return frozenset(id for id in self.members if self.is_admin(id, at))  # noqa: A001 - the field's word

    def confirmers(self, at: datetime) -> frozenset[str]:
        """Return the ids of the persons who may confirm any proposal, but for those about themselves."""

        def anywhere(member: Member) -> bool:
            return any(scope.everywhere for role in CONFIRMING for scope in member.scopes(role, at))

        persons = (member for member in self.members.values() if self.person(member.id) is not None)
        return frozenset(each.id for each in persons if anywhere(each)) | self.admins(at)

    def begins_alone(self, author: str, actor: str, at: datetime) -> bool:
        """Whether an admin may make another person admin alone: only where nobody is there who could confirm it."""
        return self.is_admin(author, at) and self.confirmers(at) <= {author, actor}

    def is_admin(self, actor: str, at: datetime) -> bool:
        """Whether an actor is a living person and admin."""
        found = self.person(actor)
        return found is not None and Role.ADMIN in found.roles(at)
