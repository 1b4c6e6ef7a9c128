"""Tokens: how programs, and the command line, show whose they are; each ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.lifecycle.access.entering import enter, new_token
from muster.lifecycle.access.lines import TokenLine, token_line
from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import known, require_known
from muster.lifecycle.desk.reach.cover import holds_everywhere
from muster.records.access.credentials import TokenRevocation
from muster.records.people import Role
from muster.rules.access.roll import TOKEN_LIFE


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token, which is shown this once and kept nowhere, and what it is good for."""

    id: str
    actor: str
    expires_at: datetime
    roles: tuple[str, ...]
    read_only: bool
    token: str


@action("token issue", everybody=True)
def issue(
    context: Context,
    label: str,
    days: int = 90,
    roles: tuple[Role, ...] = (),
    read_only: bool = False,  # noqa: FBT001, FBT002 - an option of every door
    actor: str = "",
) -> NewToken:
    """Make a bearer token of your own; admins make those of service accounts, too.

    Parameters
    ----------
    label
        What it is for, so that you know which to revoke.
    days
        How long it lives, at most 365 days.
    roles
        The only roles that it shall carry, of those that its actor holds; by default all.
    read_only
        Whether it may read only.
    actor
        A service account whose token it shall be.
    """
    if not label.strip():
        msg = "say what the token is for, so that whoever looks for one to revoke knows it"
        raise ValueError(msg)
    if not 0 < days <= TOKEN_LIFE.days:
        msg = f"a token lives 1 to {TOKEN_LIFE.days} days, not {days}"
        raise ValueError(msg)
    basis = context.basis()
    owner = actor or context.identity.id
    _require_whole(context)
    member = require_known(context.house.ledger, owner)
    held = member.roles(context.house.clock())
    if missing := [role.value for role in roles if role not in held]:
        msg = f"{owner} does not hold {', '.join(missing)}: a token carries what its actor holds, or less"
        raise PermissionError(msg)
    token, issued = new_token(context, owner, label, days, roles, read_only=read_only)
    enter(context, basis, issued)
    return NewToken(issued.id, owner, issued.expires_at, tuple(issued.roles), read_only, token)


@action("token revoke", everybody=True)
def revoke(context: Context, id: str, reason: str) -> TokenLine:  # noqa: A002 - the field's word
    """End a token at once: your own, one of a service account that you answer for, or as an admin any.

    Parameters
    ----------
    id
        Its id, which stands after ``muster_`` in the token, and in `muster token list`.
    """
    basis = context.basis()
    found = known(context.house.ledger).tokens.get(id)
    if found is None:
        msg = f"there is no token {id!r}; `muster token list` shows yours"
        raise LookupError(msg)
    roll, identity = known(context.house.ledger), context.identity
    owner = roll.members[found.issued.actor]
    if identity.id not in {owner.id, owner.responsible} and Role.ADMIN not in identity.roles:
        msg = f"token {id} is one of {owner.id}: they end it, or somebody who came in as an admin"
        raise PermissionError(msg)
    enter(context, basis, TokenRevocation(id, owner.id, reason))
    roll = known(context.house.ledger)
    return token_line(roll, roll.tokens[id], context.house.clock())


@view("token list")
def listed(context: Context, actor: str = "") -> tuple[TokenLine, ...]:
    """List tokens, without what would let anybody in: your own, or as an admin or auditor those of everybody.

    Parameters
    ----------
    actor
        Only those of this actor.
    """
    roll, identity = known(context.house.ledger), context.identity
    mine = {identity.id, *(id_ for id_, member in roll.members.items() if member.responsible == identity.id)}
    every = holds_everywhere(context, Role.ADMIN, Role.AUDITOR)
    if actor and actor not in mine and not every:
        msg = f"{identity.id} is shown their own tokens; those of {actor} are for admins and auditors"
        raise PermissionError(msg)
    tokens = [token for token in roll.tokens.values() if actor in {"", token.issued.actor}]
    now = context.house.clock()
    return tuple(token_line(roll, token, now) for token in tokens if every or token.issued.actor in mine)


def _require_whole(context: Context) -> None:
    """Refuse that a token which carries less than its actor may makes one that carries more."""
    come_by = known(context.house.ledger).tokens.get(context.identity.session)
    if come_by is not None and come_by.issued.roles:
        msg = f"token {come_by.issued.id} carries some roles only: it cannot make other tokens"
        raise PermissionError(msg)
