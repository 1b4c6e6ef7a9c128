"""Lending: somebody lets another sign in their role, for one use case and some days; signed with their own key."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import one_of, policy_for, require_heard
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import require_known
from muster.lifecycle.desk.reach.cover import require_role_for
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.govern.gate import SIGNERS
from muster.records.access.alert import Suspicious
from muster.records.canonical import digest
from muster.records.entry import Recorded
from muster.records.governance.signoffs import Delegation, EndedDelegation, SignedDelegation
from muster.records.model import ModelVersion
from muster.records.people import Role
from muster.records.policy import Policy
from muster.records.purpose import UseCase
from muster.rules.envelope import envelope_text, read_envelope, statement
from muster.rules.signing.statements import DELEGATION, delegation_in, holders

LONGEST = 90
"""Days that a role may be lent for."""


@dataclass(frozen=True, slots=True)
class DelegationRequest:
    """What somebody who lends a role is asked to sign: a text to read, and the statement (base64)."""

    text: str
    statement: str
    digest: str


@dataclass(frozen=True, slots=True)
class DelegationLine:
    """A role that somebody lent."""

    entry: str
    """Digest of its ledger entry."""
    role: str
    lent_by: str
    lent_to: str
    use_case: str
    since: datetime
    until: datetime
    state: str
    """``in-force``, ``expired``, ``ended``, or why it does not count."""


@view("delegation request", roles=SIGNERS)
def request(context: Context, role: Role, to: str, use_case: str, days: int) -> DelegationRequest:
    """Show what lending a role would mean, and the statement to sign; `muster approval delegate` signs it.

    Parameters
    ----------
    to
        Id of the person who may sign in it, with a key of their own; not one who made a version of the use case.
    days
        How long, from now.
    """
    context.house.ledger.refresh()
    require_role_for(context, role, use_case)
    if not 0 < days <= LONGEST:
        msg = f"a role is lent for 1 to {LONGEST} days, not {days}"
        raise ValueError(msg)
    now, root = context.house.clock(), current_root(context)
    until = now + timedelta(days=days)
    said = Delegation(context.identity.id, to, role.value, use_case, now, until, root.origin)
    _require_lendable(context, said)
    payload = statement({"use-case": digest(use_case.encode())}, DELEGATION, said)
    text = (
        f"I, {said.principal}, let {said.delegate} sign off as {said.role}, in my place and with a key of their own,\n"
        f"models for use case {said.use_case}, until {said.expires_at:%Y-%m-%d %H:%M} UTC.\n"
        "They cannot lend it on. Both of us together have one seat."
    )
    return DelegationRequest(text, base64.b64encode(payload).decode(), digest(payload))


@action("delegation submit", roles=SIGNERS)
def submit(context: Context, use_case: str, signature: str) -> Delegation:
    """Hand in a signed delegation; `muster approval delegate` calls it.

    Parameters
    ----------
    signature
        JSON text of the DSSE envelope, signed with the own key of whoever lends the role.
    """
    basis = context.basis()
    signed = SignedDelegation(use_case, envelope_text(read_envelope(signature)))
    entry = context.entry(signed)
    try:
        said = delegation_in(Recorded(-1, entry, entry.to_bytes()), current_root(context), context.house.verify)
    except PermissionError as error:
        raise Suspicious(str(error), "delegation-forged") from error
    if said.principal != context.identity.id or not said.origin:
        msg = f"{context.identity.id} hands in a delegation of {said.principal}: everybody lends their own role"
        raise Suspicious(msg, "delegation-forged")
    now = context.house.clock()
    if not said.signed_at <= now < said.expires_at or said.expires_at - said.signed_at > timedelta(days=LONGEST):
        msg = f"the delegation is for {said.signed_at:%Y-%m-%d %H:%M} to {said.expires_at:%Y-%m-%d %H:%M}: sign it anew"
        raise PermissionError(msg)
    require_role_for(context, Role(said.role), use_case)
    _require_lendable(context, said)
    require_heard(context, _policies(context, use_case))
    context.record(signed, expect=basis)
    return said


@action("delegation end", roles=SIGNERS)
def end(context: Context, delegation: str, reason: str) -> EndedDelegation:
    """End a delegation before its date: whoever lent the role, or to whom it was lent. What was signed until now stays.

    Parameters
    ----------
    delegation
        Digest of its ledger entry, or the beginning, as `muster delegation list` shows it.
    """
    basis = context.basis()
    lent = {line.entry: line for line in _lines(context)}
    found = one_of(lent, delegation, "delegation", "muster delegation list")
    if context.identity.id not in (found.lent_by, found.lent_to):
        msg = f"{found.lent_by} lent the role to {found.lent_to}: one of them ends that (or withdraws the sign-off)"
        raise PermissionError(msg)
    if found.state != "in-force":
        msg = f"the delegation is {found.state} already"
        raise ValueError(msg)
    if not reason.strip():
        msg = "say why it ends: others will read it"
        raise ValueError(msg)
    ended = EndedDelegation(found.use_case, found.entry, reason.strip())
    context.record(ended, expect=basis)
    return ended


@view("delegation list")
def listed(context: Context, use_case: str = "") -> tuple[DelegationLine, ...]:
    """List the roles that people lent to others: for which use case, until when, and whether that is in force."""
    context.house.ledger.refresh()
    return tuple(line for line in _lines(context) if use_case in ("", line.use_case))


def _lines(context: Context) -> Iterator[DelegationLine]:
    now, root = context.house.clock(), current_root(context)
    ended = {record.delegation for _, record in context.history(EndedDelegation)}
    for recorded, signed in context.history(SignedDelegation):
        name = digest(recorded.raw)
        try:
            said = delegation_in(recorded, root, context.house.verify)
        except (PermissionError, ValueError) as error:
            person, at = recorded.entry.person, recorded.entry.at
            yield DelegationLine(name, "", person, "", signed.use_case, at, at, f"does not count: {error}")
            continue
        state = "ended" if name in ended else "expired" if now >= said.expires_at else "in-force"
        yield DelegationLine(
            name, said.role, said.principal, said.delegate, said.use_case, said.signed_at, said.expires_at, state
        )


def _require_lendable(context: Context, said: Delegation) -> None:
    """Refuse a delegation that could not be used, or would let somebody sign off their own work."""
    if context.identity.responsible:
        msg = f"{said.principal} is a service account: people lend their roles"
        raise PermissionError(msg)
    if said.delegate == said.principal:
        msg = f"{said.principal} cannot lend a role to themself"
        raise ValueError(msg)
    if require_known(context.house.ledger, said.delegate).responsible:
        msg = f"{said.delegate} is a service account: people sign off"
        raise PermissionError(msg)
    root = current_root(context)
    holders(root, said.principal, said.role, said.use_case)
    holders(root, said.delegate, "", said.use_case)
    authors = {entry.entry.person for entry, each in context.history(ModelVersion) if each.use_case == said.use_case}
    if authors & {said.delegate}:
        msg = f"{said.delegate} is an author of models of {said.use_case}: nobody is lent a role to sign their own work"
        raise PermissionError(msg)


def _policies(context: Context, use_case: str) -> Iterator[Policy]:
    """Yield the policies in force for a use case, in whatever environment one is."""
    case = context.latest(UseCase, f"use-case:{use_case}")
    for environment in {policy.environment for _, policy in context.history(Policy)}:
        try:
            yield policy_for(context, case, environment)[0]
        except LookupError:
            continue
