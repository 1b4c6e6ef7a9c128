"""Entering: records about who may act are written if they count, by the same rules by which they are read."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import TOKEN_PREFIX, known, token_digest
from muster.records.access.credentials import IssuedToken
from muster.records.entry import Basis
from muster.records.people import Role
from muster.rules.access.fold import take
from muster.rules.access.objections import objection

SECRET_BYTES = 32
"""Random bytes of a token: 256 bits, so that guessing is hopeless and a plain hash of it is enough."""


def enter(context: Context, basis: Basis, *records: Any) -> None:
    """Write records, all or none; raise PermissionError saying why one of them would not count."""
    roll = known(context.house.ledger).copy()
    entries = [context.entry(record) for record in records]
    for entry in entries:
        if why := objection(roll, entry):
            raise PermissionError(why)
        take(roll, entry)
    context.house.ledger.append(entries, basis)


def new_token(
    context: Context, actor: str, label: str, days: int, roles: Iterable[Role] = (), *, read_only: bool = False
) -> tuple[str, IssuedToken]:
    """Make a token: its text, which is kept nowhere, and the record that it is known by."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    identifier = secrets.token_hex(6)
    text = f"{TOKEN_PREFIX}{identifier}_{secret}"
    expires = context.house.clock() + timedelta(days=days)
    kept = tuple(dict.fromkeys(roles))
    return text, IssuedToken(identifier, actor, token_digest(text), label, expires, kept, read_only)
