"""Roles: proposed, confirmed by a second person, granted, withdrawn."""

from __future__ import annotations

from datetime import timedelta

from muster.lifecycle.access.entering import enter
from muster.lifecycle.access.lines import RoleLine, held_by, proposed_for, where
from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import known, require_known
from muster.records.access.alert import Alert, Severity, Suspicious
from muster.records.access.roles import RoleGrant, RoleProposal, RoleWithdrawal, Scope
from muster.records.people import Role
from muster.records.purpose import UseCase
from muster.rules.access.objections import within
from muster.rules.access.roll import CONFIRMING, PROPOSAL_LIFE, Roll

CONFIRMERS = (Role.ADMIN, *sorted(CONFIRMING))


@action("role propose", roles=(Role.ADMIN,))
def propose(
    context: Context,
    actor: str,
    role: Role,
    reason: str,
    use_cases: tuple[str, ...] = (),
    business_units: tuple[str, ...] = (),
) -> RoleLine:
    """Propose a role that signs off, or another, for somebody; another person confirms it within seven days.

    Parameters
    ----------
    actor
        Who shall get it: a person, where the role signs off or is admin.
    role
        One of ml-engineer, validator, risk-analyst, owner, executive, operator, auditor, admin.
    use_cases
        Ids of the only use cases in which it shall count.
    business_units
        The only business units in whose use cases it shall count.
    """
    if not reason.strip():
        msg = f"why shall {actor} be {role.value}? Whoever confirms it wants to know: give a reason"
        raise ValueError(msg)
    basis = context.basis()
    scope = _scope(context, use_cases, business_units)
    _require_news(context, actor, role, scope)
    proposal = proposal_of(context, known(context.house.ledger), actor, role, scope, reason)
    enter(context, basis, proposal)
    lines = proposed_for(known(context.house.ledger), context.house.clock(), actor)
    return next(line for line in lines if line.proposal == proposal.id)


@action("role confirm", roles=CONFIRMERS)
def confirm(context: Context, proposal: str) -> RoleLine:
    """Confirm a proposed role, which is in force from then on; neither the proposer may, nor whoever would get it.

    Parameters
    ----------
    proposal
        Its id, as `muster role list` shows it, such as ``ana:risk-analyst:1``.
    """
    basis = context.basis()
    roll = known(context.house.ledger)
    found = roll.proposals.get(proposal)
    if found is None:
        msg = f"there is no proposal {proposal!r}; `muster role list` shows those that are open"
        raise LookupError(msg)
    proposed = found.proposed
    if context.identity.id in {found.by, proposed.actor}:
        how = "proposed it" if context.identity.id == found.by else "would get it"
        msg = f"{context.identity.id} {how}: another person must confirm that {proposed.actor} is {proposed.role.value}"
        raise Suspicious(msg, "second-person-missing", Severity.WARNING)
    _require_carried(context, proposed)
    enter(context, basis, RoleGrant(proposed.actor, proposed.role, proposed.scope, proposal))
    return _held(context, proposed.actor, proposed.role, proposed.scope)


@action("role grant", roles=(Role.ADMIN,))
def grant(
    context: Context,
    actor: str,
    role: Role,
    use_cases: tuple[str, ...] = (),
    business_units: tuple[str, ...] = (),
    days: int = 0,
) -> RoleLine:
    """Give somebody a role that needs no second person: ml-engineer, operator or auditor.

    While nobody else is there who could confirm, the one admin may let a second person be admin, too: somebody must
    begin. It shows.

    Parameters
    ----------
    use_cases
        Ids of the only use cases in which it shall count.
    business_units
        The only business units in whose use cases it shall count.
    days
        When it ends, from now; 0: when it is withdrawn.
    """
    if days < 0:
        msg = f"a role ends after some days, or not by itself (0); not after {days}"
        raise ValueError(msg)
    basis = context.basis()
    scope = _scope(context, use_cases, business_units)
    _require_news(context, actor, role, scope)
    until = context.house.clock() + timedelta(days=days) if days else None
    enter(context, basis, RoleGrant(actor, role, scope, until=until))
    return _held(context, actor, role, scope)


@action("role withdraw", roles=(Role.ADMIN,))
def withdraw(context: Context, actor: str, role: Role, reason: str) -> tuple[RoleLine, ...]:
    """Take a role from somebody at once, wherever it counts, with what is proposed; return what they hold still."""
    basis = context.basis()
    roll, now = known(context.house.ledger), context.house.clock()
    held = held_by(require_known(context.house.ledger, actor), now)
    lines = (*held, *proposed_for(roll, now, actor))
    if role not in {line.role for line in lines}:
        msg = f"{actor} does not hold the role {role.value}, nor is it proposed; `muster actor show {actor}` shows more"
        raise LookupError(msg)
    enter(context, basis, RoleWithdrawal(actor, role, reason))
    if role is Role.ADMIN and role in {line.role for line in held}:
        tell_of_admin(context, actor)
    return held_by(require_known(context.house.ledger, actor), now)


@view("role list")
def listed(context: Context, actor: str = "") -> tuple[RoleLine, ...]:
    """List the roles that wait to be confirmed, then those in force.

    Parameters
    ----------
    actor
        Only those of this actor.
    """
    roll, now = known(context.house.ledger), context.house.clock()
    members = [require_known(context.house.ledger, actor)] if actor else roll.members.values()
    return (*proposed_for(roll, now, actor), *(line for member in members for line in held_by(member, now)))


def proposal_of(context: Context, roll: Roll, actor: str, role: Role, scope: Scope, reason: str) -> RoleProposal:
    """Make a proposal, with an id that says what it is and that none had before."""
    same = sum((each.proposed.actor, each.proposed.role) == (actor, role) for each in roll.proposals.values())
    expires = context.house.clock() + PROPOSAL_LIFE
    return RoleProposal(f"{actor}:{role.value}:{same + 1}", actor, role, scope, reason, expires)


def _require_carried(context: Context, proposed: RoleProposal) -> None:
    """Refuse where the token that somebody came by carries less than it takes: the ledger knows only what they hold."""
    identity = context.identity
    if Role.ADMIN in identity.roles:
        return
    carried = [scope for role in CONFIRMING & identity.roles for scope in identity.scopes.get(role, (Scope(),))]
    if not any(within(proposed.scope, scope) for scope in carried):
        msg = (
            f"{identity.id} came with roles that do not reach as far as proposal {proposed.id!r}: come in with all "
            "that you hold, or somebody else confirms it"
        )
        raise PermissionError(msg)


def tell_of_admin(context: Context, actor: str) -> None:
    """Let people hear that an admin is none any more: whoever is left alone may want to be."""
    if actor == context.identity.id:
        return
    words = (
        f"{context.identity.actor} took the role admin from {actor}. If that was not agreed, somebody wants to be "
        "admin unwatched: find out who it was, and let another person be admin again (muster role propose)"
    )
    now = context.house.clock()
    context.house.notify.notify(Alert("admin-removed", Severity.WARNING, f"actor:{actor}", words, now))


def _scope(context: Context, use_cases: tuple[str, ...], business_units: tuple[str, ...]) -> Scope:
    if not all(unit.strip() for unit in business_units):
        msg = "a business unit has a name"
        raise ValueError(msg)
    for use_case in use_cases:
        context.latest(UseCase, f"use-case:{use_case}")  # a misspelt one would leave somebody without the role
    return Scope(tuple(dict.fromkeys(use_cases)), tuple(dict.fromkeys(business_units)))


def _require_news(context: Context, actor: str, role: Role, scope: Scope) -> None:
    """Refuse to give what somebody has, or waits for."""
    now = context.house.clock()
    held = require_known(context.house.ledger, actor).scopes(role, now)
    if any(known_scope.everywhere or known_scope == scope for known_scope in held):
        msg = f"{actor} is {role.value} there already; to narrow a role, withdraw it first (muster role withdraw)"
        raise ValueError(msg)
    waiting = proposed_for(known(context.house.ledger), now, actor)
    if same := [line.proposal for line in waiting if line.role == role]:
        msg = f"the role {role.value} is proposed for {actor} as {same[0]!r}: have it confirmed, or withdraw it"
        raise ValueError(msg)


def _held(context: Context, actor: str, role: Role, scope: Scope) -> RoleLine:
    lines = held_by(require_known(context.house.ledger, actor), context.house.clock())
    return next(line for line in lines if (line.role, line.where) == (role, where(scope)))
