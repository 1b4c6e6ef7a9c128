"""Sessions: an opaque value that somebody carries, of which only the digest is kept, until it ends or is revoked."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.desk.people import identity_of
from muster.lifecycle.desk.reach.cover import holds_everywhere
from muster.lifecycle.entrance.register import register_of
from muster.lifecycle.entrance.seals import CHANGED, secret_digest, session_seal
from muster.lifecycle.entrance.ways import Ways
from muster.ports.directory import Session
from muster.records.access.alert import Suspicious
from muster.records.access.credentials import ClosedSession, OpenedSession, SignInBy
from muster.records.access.roles import Scope
from muster.records.people import Role

NOTED_EVERY = timedelta(minutes=1)
"""How often it is noted that a session was used: not at every request, for that would be a write each."""

AGAIN = "sign in again"


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody has at this moment, and where it counts."""

    role: Role
    everywhere: bool
    use_cases: tuple[str, ...] = ()
    business_units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhoIAm:
    """Who is asking, as this house sees it."""

    id: str
    actor: str
    """As entries of the ledger name them."""
    roles: tuple[Held, ...]
    responsible: str
    read_only: bool
    session: str
    """Id of the session or token; empty in local mode."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session for reading: whose, since when, and until when at most."""

    id: str
    actor: str
    by: SignInBy
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    roles: tuple[str, ...]
    """Roles that the identity provider brought, for this session only."""


def open_session(
    house: House,
    ways: Ways,
    actor: str,
    by: SignInBy,
    *,
    roles: Iterable[Role] = (),
    prefix: str = "",
    until: datetime | None = None,
) -> str:
    """Open a session for somebody who has shown who they are; return the value that they carry from now on.

    The value is always new: whatever a browser had brought before means nothing afterwards. ``until`` is when it ends
    at the latest: a session that was made from another must not outlive it, or nobody would ever have to sign in again.
    """
    now = house.clock()
    value = prefix + secrets.token_urlsafe(32)
    brought = tuple(sorted(role.value for role in roles))
    number = f"s{secrets.token_hex(8)}"
    ends = min(now + ways.life, until or datetime.max.replace(tzinfo=UTC))
    session = Session(number, actor, secret_digest(value), by, now, now, ends, brought)
    opened = OpenedSession(number, actor, by, session.expires_at, session_seal(session))
    _as(house, actor).record(opened)
    house.directory.open_session(session)
    return value


def enter(house: House, ways: Ways, value: str) -> tuple[Identity, Session]:
    """Return who carries a session, with the roles that they hold at this moment.

    Raises
    ------
    PermissionError
        If there is no such session, it has ended, or its actor may come in no more.
    Suspicious
        If the directory says something else of it than the ledger.
    """
    session = house.directory.session(secret_digest(value))
    now = house.clock()
    if session is None or now >= session.expires_at:
        msg = f"this session has ended: {AGAIN}"
        raise PermissionError(msg)
    opened = register_of(house.ledger).sessions.get(session.id)
    if opened is None:
        house.directory.close_session(session.id)
        msg = f"this session was ended: {AGAIN}"
        raise PermissionError(msg)
    if not secrets.compare_digest(opened.digest, session_seal(session)):
        msg = f"the directory was changed: it says of session {session.id} what the ledger does not. {AGAIN}"
        raise Suspicious(msg, CHANGED)
    if now - session.seen_at > ways.idle:
        close(house, session, "not used for too long")
        msg = f"this session was not used for {ways.idle.total_seconds() / 60:g} minutes and has ended: {AGAIN}"
        raise PermissionError(msg)
    identity = identity_of(house.ledger, session.actor, now, session_roles=session.roles, session=session.id)
    if now - session.seen_at >= NOTED_EVERY:
        house.directory.touch(session.id, now)
    return identity, session


def require_open(house: House, id: str) -> None:  # noqa: A002 - the field's word
    """Refuse what was made in a session that has been ended since; raise PermissionError. No id: none was needed."""
    if id and id not in register_of(house.ledger).sessions:
        msg = f"the session that this code was made in was ended: {AGAIN}, and make another"
        raise PermissionError(msg)


def close(house: House, session: Session, reason: str) -> None:
    """End a session for its owner; nothing happens if it has ended."""
    if session.id in register_of(house.ledger).sessions:
        _as(house, session.actor).record(ClosedSession(session.id, session.actor, reason))
    house.directory.close_session(session.id)


def end_all(house: House, actor: str, reason: str) -> None:
    """End every session of an actor."""
    for session in house.directory.sessions(actor):
        close(house, session, reason)


def end_others(house: House, kept: Session, reason: str) -> None:
    """End every session of an actor but one, as when they set a new password."""
    for session in house.directory.sessions(kept.actor):
        if session.id != kept.id:
            close(house, session, reason)


@view("whoami")
def whoami(context: Context) -> WhoIAm:
    """Say who is asking, with which roles, and where each of them counts."""
    identity = context.identity
    roles = tuple(_held(role, identity.scopes.get(role, ())) for role in sorted(identity.roles))
    return WhoIAm(
        identity.id,
        identity.actor,
        roles,
        identity.responsible,
        identity.read_only,
        "" if identity.local else identity.session,
    )


@view("session list")
def listed(context: Context) -> tuple[OpenSession, ...]:
    """List the sessions that are open: one's own, or everybody's for an admin or auditor."""
    identity, now = context.identity, context.house.clock()
    everybody = holds_everywhere(context, Role.ADMIN, Role.AUDITOR)
    good = register_of(context.house.ledger).sessions
    return tuple(
        OpenSession(held.id, held.actor, held.by, held.opened_at, held.seen_at, held.expires_at, held.roles)
        for held in context.house.directory.sessions("" if everybody else identity.id)
        if held.id in good and held.expires_at > now
    )


@action("session revoke", everybody=True)
def revoke(context: Context, id: str, reason: str) -> ClosedSession:  # noqa: A002 - the field's word
    """End a session at once: one's own, or anybody's by an admin.

    Parameters
    ----------
    id
        As `muster session list` shows it.
    reason
        Why, for the ledger.
    """
    basis = context.basis()
    found = register_of(context.house.ledger).sessions.get(id)
    may = found is not None and (found.actor == context.identity.id or Role.ADMIN in context.identity.roles)
    if found is None or not may:
        msg = f"no open session {id!r} of yours is known here; `muster session list` shows them"
        raise LookupError(msg)
    closed = ClosedSession(id, found.actor, reason)
    context.record(closed, expect=basis)
    context.house.directory.close_session(id)
    return closed


def _held(role: Role, scopes: tuple[Scope, ...]) -> Held:
    use_cases = tuple(sorted({case for scope in scopes for case in scope.use_cases}))
    units = tuple(sorted({unit for scope in scopes for unit in scope.business_units}))
    return Held(role, not scopes, use_cases, units)


def _as(house: House, actor: str) -> Context:
    return Context(house, Identity(actor, frozenset()), lambda _: None)
