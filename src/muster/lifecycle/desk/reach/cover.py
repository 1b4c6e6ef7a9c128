"""Cover: a role that counts in some use cases or business units only must be shown to cover what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from muster.lifecycle.desk.action import Action
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import identity_of
from muster.lifecycle.desk.reach.concerned import use_cases
from muster.records.people import Role
from muster.records.purpose import UseCase


def require_reach(asked: Action, context: Context, values: Mapping[str, Any]) -> None:
    """Refuse what no role that the actor holds, and the action asks for, covers; raise PermissionError saying why."""
    scopes = context.identity.scopes
    held = asked.roles & context.identity.roles
    if not asked.roles or any(role not in scopes for role in held):
        return
    concerned = use_cases(asked, context, values)
    if concerned is None:
        msg = f"{asked.name!r} is about the whole house, and {_counts(context, held)}"
        raise PermissionError(msg)
    left = [[case for case in concerned if not _covers(context, role, case)] for role in sorted(held)]
    if all(left):
        case = left[0][0]
        unit = f" of business unit {case.business_unit!r}" if case.business_unit else ""
        msg = f"{asked.name!r} is about use case {case.id!r}{unit}, and {_counts(context, held)}"
        raise PermissionError(msg)


def require_role_for(context: Context, role: Role, use_case: str) -> None:
    """Refuse what somebody would do as the holder of one role that they do not hold there; raise PermissionError."""
    identity = context.identity
    _require_held(context, role)
    case = context.latest(UseCase, f"use-case:{use_case}")
    if role in identity.scopes and not _covers(context, role, case):
        msg = f"this is about use case {use_case!r}, and {_counts(context, frozenset({role}))}"
        raise PermissionError(msg)


def holds_for(context: Context, role: Role, use_case: str) -> bool:
    """Whether somebody holds a role where a use case is."""
    try:
        require_role_for(context, role, use_case)
    except PermissionError:
        return False
    return True


def require_one_for(context: Context, roles: Iterable[Role], use_case: str) -> None:
    """Refuse what somebody would do as the holder of one of some roles, none of which they hold there."""
    wanted = sorted(roles)
    if not any(holds_for(context, role, use_case) for role in wanted):
        held = [role for role in wanted if role in context.identity.roles]
        require_role_for(context, (held or wanted)[0], use_case)


def holds_everywhere(context: Context, *roles: Role) -> bool:
    """Whether somebody holds one of the roles, and not in places only."""
    identity = context.identity
    return any(role in identity.roles and role not in identity.scopes for role in roles)


def require_role_everywhere(context: Context, role: Role) -> None:
    """Refuse what concerns the whole house to whoever does not hold the role, or holds it in places only."""
    _require_held(context, role)
    if not holds_everywhere(context, role):
        msg = f"this is about the whole house, and {_counts(context, frozenset({role}))}"
        raise PermissionError(msg)


def lender_lost(context: Context, lender: str, role: Role, use_case: str) -> str:
    """Say why somebody could not sign in a role themself now, so that nobody does in their place; empty if they could.

    A signature by which they lent it stays good in the trust root until that is signed anew, which may take weeks.
    """
    try:
        identity = identity_of(context.house.ledger, lender, context.house.clock())
        require_role_for(replace(context, identity=identity), role, use_case)
    except PermissionError as error:
        return f"the role {role.value} that {lender} lent counts no more: {error}"
    return ""


def _require_held(context: Context, role: Role) -> None:
    identity = context.identity
    if role not in identity.roles:
        msg = f"{identity.id} does not hold the role {role.value}: an admin proposes it (muster role propose)"
        raise PermissionError(msg)


def _covers(context: Context, role: Role, case: UseCase) -> bool:
    return any(scope.covers(case) for scope in context.identity.scopes[role])


def _counts(context: Context, held: frozenset[Role]) -> str:
    """Say where the roles of the actor count."""
    told = []
    for role in sorted(held):
        places = context.identity.scopes[role]
        named = [*(f"use case {case}" for place in places for case in place.use_cases)]
        named += [f"business unit {unit}" for place in places for unit in place.business_units]
        told.append(f"the role {role.value} of {context.identity.id} counts in {', '.join(named)} only")
    return "; ".join(told)
