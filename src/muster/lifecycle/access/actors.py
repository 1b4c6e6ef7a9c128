"""Actors: who may come in. Ids are pseudonymous; names live in the directory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.lifecycle.access.entering import enter, new_token
from muster.lifecycle.access.lines import ActorLine, ActorPage, held_by, proposed_for, state_of, token_line
from muster.lifecycle.access.persons import name_of, names
from muster.lifecycle.access.roles import proposal_of, tell_of_admin
from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import known, require_known
from muster.records.access.roles import ActorRemoval, RoleGrant, Scope
from muster.records.entry import person_of
from muster.records.people import Actor, Role
from muster.rules.access.roll import SECOND_PERSON, SYSTEM, TOKEN_LIFE, Member, Roll

FIRST_TOKEN = "made when the actor was added"  # noqa: S105 - its label
TOKEN_DAYS = 90


@dataclass(frozen=True, slots=True)
class NewActor:
    """An actor and the bearer token, which is shown this once and kept nowhere."""

    id: str
    roles: tuple[str, ...]
    """Roles in force at once."""
    token: str
    expires_at: datetime | None = None
    """When the token ends."""
    proposals: tuple[str, ...] = ()
    """Ids of the roles that another person must confirm."""


@action("actor add", roles=(Role.ADMIN,))
def add(
    context: Context,
    id: str,  # noqa: A002 - the field's word
    roles: tuple[Role, ...] = (),
    responsible: str = "",
    days: int = TOKEN_DAYS,
) -> NewActor:
    """Let an actor in, and make their first bearer token. Roles that sign off, and admin, wait for a second person.

    Parameters
    ----------
    id
        A pseudonymous id, such as ``ana``; names of people go into the directory (muster person set).
    roles
        Any of ml-engineer, operator, auditor, which are in force at once; and of validator, risk-analyst, owner,
        executive, admin, which are proposed: another person confirms them (muster role confirm).
    responsible
        For a service account: the id of the person who answers for it. It cannot sign off, nor be admin.
    days
        How long the token lives.
    """
    if not 0 < days <= TOKEN_LIFE.days:
        msg = f"a token lives 1 to {TOKEN_LIFE.days} days, not {days}"
        raise ValueError(msg)
    basis = context.basis()
    roll = known(context.house.ledger)
    _require_new(roll, id)
    asked = tuple(dict.fromkeys(roles))
    plain = tuple(role for role in asked if role not in SECOND_PERSON)
    token, issued = new_token(context, id, FIRST_TOKEN, days)
    given = [_second(context, roll, id, role) for role in asked if role in SECOND_PERSON]
    enter(context, basis, Actor(id, plain, "", responsible), issued, *given)
    proposals = tuple(record.id for record in given if not isinstance(record, RoleGrant))
    in_force = sorted(require_known(context.house.ledger, id).roles(context.house.clock()))
    return NewActor(id, tuple(in_force), token, issued.expires_at, proposals)


def found(context: Context, id: str) -> NewActor:  # noqa: A002 - the field's word
    """Let the first admin of a new house in: somebody must begin."""
    basis = context.basis()
    roll = known(context.house.ledger)
    if roll.members:
        msg = "this house has actors already: an admin adds others (muster actor add)"
        raise PermissionError(msg)
    _require_new(roll, id)
    token, issued = new_token(context, id, FIRST_TOKEN, TOKEN_DAYS)
    enter(context, basis, Actor(id, (Role.ADMIN,)), issued)
    return NewActor(id, (Role.ADMIN.value,), token, issued.expires_at)


@action("actor remove", roles=(Role.ADMIN,))
def remove(context: Context, id: str, reason: str) -> ActorPage:  # noqa: A002 - the field's word
    """Let an actor in no more: all roles, tokens and sessions end at once, and service accounts of theirs are locked.

    What they did stays in the ledger; nobody else gets the id. Names are erased by `muster personal-data erase`.
    """
    basis = context.basis()
    held = require_known(context.house.ledger, id).roles(context.house.clock())
    enter(context, basis, ActorRemoval(id, reason))
    if Role.ADMIN in held:
        tell_of_admin(context, id)
    for session in context.house.directory.sessions(id):
        context.house.directory.close_session(session.id)
    return show(context, id)


@view("actor list")
def listed(context: Context) -> tuple[ActorLine, ...]:
    """List the actors, with their roles in force and those that wait to be confirmed; names for admins and auditors."""
    roll, now = known(context.house.ledger), context.house.clock()
    living = [member for member in roll.members.values() if member.removed_at is None]
    called = names(context)
    return tuple(_line(roll, member, now, called.get(member.id, "")) for member in living)


@view("actor show")
def show(context: Context, id: str) -> ActorPage:  # noqa: A002 - the field's word
    """Show an actor: roles with who gave them, what is proposed, tokens without what would let anybody in."""
    roll, now = known(context.house.ledger), context.house.clock()
    member = roll.members.get(id)
    if member is None:
        msg = f"no actor {id!r} is known here; `muster actor list` shows who is"
        raise LookupError(msg)
    return ActorPage(
        id,
        name_of(context, id),
        state_of(roll, member),
        member.responsible,
        tuple(each.id for each in roll.members.values() if each.responsible == id),
        (*proposed_for(roll, now, id), *held_by(member, now)),
        tuple(token_line(roll, token, now) for token in roll.tokens.values() if token.issued.actor == id),
    )


def require_id(id: str) -> None:  # noqa: A002 - the field's word
    """Refuse an id that could be taken for another, or for no actor; raise ValueError."""
    if not id or not all(c.isascii() and (c.isalnum() or c in "-._") for c in id):
        msg = f"actor id {id!r}: use the letters a to z, digits, '-', '.' and '_', so that no two ids look alike"
        raise ValueError(msg)
    if id == SYSTEM:
        msg = f"actor id {id!r}: entries that nobody asked for bear that name; take another"
        raise ValueError(msg)


def _require_new(roll: Roll, id: str) -> None:  # noqa: A002 - the field's word
    require_id(id)
    if id in roll.members:
        how = "was removed: give somebody new another id" if roll.living(id) is None else "is known here already"
        msg = f"actor {id!r} {how}. Roles: muster role grant, propose or withdraw; tokens: muster token issue"
        raise ValueError(msg)
    if same := [known_id for known_id in roll.members if known_id.casefold() == id.casefold()]:
        msg = f"actor id {id!r} is that of {same[0]!r} but for capitals, and one would be taken for the other"
        raise ValueError(msg)


def _second(context: Context, roll: Roll, id: str, role: Role) -> Any:  # noqa: A002 - the field's word
    """Return the proposal of a role; while nobody could confirm it, the grant of that of admin to a second person."""
    if role is Role.ADMIN and roll.begins_alone(context.identity.id, id, context.house.clock()):
        return RoleGrant(id, role, Scope())
    return proposal_of(context, roll, id, role, Scope(), "asked for when the actor was added")


def _line(roll: Roll, member: Member, now: datetime, name: str) -> ActorLine:
    proposed = [f"{line.role} ({line.proposal})" for line in proposed_for(roll, now, member.id)]
    return ActorLine(
        member.id, _roles(member, now), tuple(proposed), member.responsible, state_of(roll, member), _note(member), name
    )


def _roles(member: Member, now: datetime) -> tuple[str, ...]:
    def everywhere(role: Role) -> bool:
        return any(scope.everywhere for scope in member.scopes(role, now))

    return tuple(role.value if everywhere(role) else f"{role.value}*" for role in sorted(member.roles(now)))


def _note(member: Member) -> str:
    """Say how an admin came to be one, where no second person confirmed it."""
    alone = [held.given_by[0] for held in member.holdings if held.role is Role.ADMIN and not held.proposal]
    if not alone:
        return ""
    return "founded the house" if person_of(alone[0]) == member.id else f"admin by {alone[0]} alone"
