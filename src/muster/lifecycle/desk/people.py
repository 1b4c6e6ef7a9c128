"""Actors: who may come in, with which roles, by which token."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context, Identity
from muster.ports.ledger import Ledger
from muster.records.codec import decode
from muster.records.people import Actor, Role

TOKEN_PREFIX = "muster_"  # noqa: S105 - the visible start of every token, so that leaks can be searched for

_KNOWN: WeakKeyDictionary[Ledger, tuple[int, Mapping[str, Actor]]] = WeakKeyDictionary()
"""By ledger: how many of its entries were read, and the newest actor of each id in them."""
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class NewActor:
    """An actor and the bearer token, which is shown this once and kept nowhere."""

    id: str
    roles: tuple[str, ...]
    token: str


@action("actor add", roles=(Role.ADMIN,))
def add(context: Context, id: str, roles: tuple[Role, ...], responsible: str = "") -> NewActor:  # noqa: A002 - the field's word
    """Let an actor in, with roles, and make a bearer token. Adding an actor again replaces roles and token.

    Parameters
    ----------
    id
        A pseudonymous id, such as ``ana``; names of people stay outside the ledger.
    roles
        One or more of ml-engineer, validator, risk-analyst, owner, executive, operator, auditor, admin.
    responsible
        For a service account: the id of the person who answers for it.
    """
    if not id or not all(c.isascii() and (c.isalnum() or c in "-._") for c in id):
        msg = f"actor id {id!r}: use the letters a to z, digits, '-', '.' and '_', so that no two ids look alike"
        raise ValueError(msg)
    if not roles:
        msg = f"actor {id!r}: give at least one role"
        raise ValueError(msg)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    context.record(Actor(id, roles, token_digest(token), responsible))
    return NewActor(id, tuple(roles), token)


@view("actor list")
def listed(context: Context) -> tuple[Actor, ...]:
    """List the actors and their roles; token digests are left out."""
    newest = {actor.id: actor for _, actor in context.history(Actor)}
    return tuple(Actor(actor.id, actor.roles, "", actor.responsible) for actor in newest.values())


def token_digest(token: str) -> str:
    """Return the SHA-256 of a token, in hex. Tokens hold 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def identify(ledger: Ledger, token: str) -> Identity:
    """Return who holds a token; raise PermissionError if nobody does."""
    ledger.refresh()
    newest = _newest(ledger)
    wanted = token_digest(token)
    for actor in newest.values():
        if actor.token_digest and secrets.compare_digest(actor.token_digest, wanted):
            return Identity(actor.id, frozenset(actor.roles))
    msg = "this token is not known here: ask an admin for a new one (muster actor add)"
    raise PermissionError(msg)


def locally(ledger: Ledger, identifier: str) -> Identity:
    """Return an actor named without proof, as local mode allows; raise PermissionError if there is none."""
    ledger.refresh()
    actor = _newest(ledger).get(identifier)
    if actor is None:
        msg = f"no actor {identifier!r} is known here; an admin adds one: muster actor add {identifier} --roles ..."
        raise PermissionError(msg)
    return Identity(actor.id, frozenset(actor.roles), local=True)


def _newest(ledger: Ledger) -> Mapping[str, Actor]:
    """Return the actors by id; kept in memory, for strangers ask too, and each asking must cost next to nothing."""
    size = ledger.size
    with _LOCK:
        upto, known = _KNOWN.get(ledger, (0, {}))
        if upto < size:
            read = ledger.read(kind="actor.added", start=upto)
            known = {**known, **{(actor := decode(Actor, recorded.entry.body)).id: actor for recorded in read}}
            _KNOWN[ledger] = size, known
    return known
