"""A house on paper: entries about who may act, and the roll that they add up to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from muster.records.access.credentials import IssuedToken
from muster.records.access.roles import RoleGrant, RoleProposal, Scope
from muster.records.codec import encode, kind_of
from muster.records.entry import Entry
from muster.records.people import Actor, Role
from muster.rules.access.fold import take
from muster.rules.access.objections import objection
from muster.rules.access.roll import Roll

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVERYWHERE = Scope()


def entry(actor: str, record: Any, at: datetime = NOW) -> Entry:
    return Entry(kind_of(type(record)), record.subject, actor, at, encode(record))


def write(roll: Roll, actor: str, record: Any, at: datetime = NOW) -> bool:
    return take(roll, entry(actor, record, at))


def why(roll: Roll, actor: str, record: Any, at: datetime = NOW) -> str:
    return objection(roll, entry(actor, record, at))


def house() -> Roll:
    """Two admins, a plain member and a service account of theirs."""
    roll = Roll()
    assert write(roll, "local:ada", Actor("ada", (Role.ADMIN,)))
    assert write(roll, "ada", Actor("ben", ()))
    assert write(roll, "ada", RoleGrant("ben", Role.ADMIN, EVERYWHERE))
    assert write(roll, "ada", Actor("cleo", (Role.OPERATOR,)))
    assert write(roll, "ben", Actor("robot", (Role.OPERATOR,), responsible="cleo"))
    return roll


def proposal(actor: str = "cleo", role: Role = Role.OWNER, scope: Scope = EVERYWHERE, **said: Any) -> RoleProposal:
    fields = {"id": "p1", "reason": "as agreed", "expires_at": NOW + timedelta(days=7), **said}
    return RoleProposal(actor=actor, role=role, scope=scope, **fields)


def confirmed(given: RoleProposal) -> RoleGrant:
    return RoleGrant(given.actor, given.role, given.scope, given.id)


def token(actor: str, id: str = "t1", days: float = 90) -> IssuedToken:  # noqa: A002 - the field's word
    return IssuedToken(id, actor, "0" * 64, "a test", NOW + timedelta(days=days))
