"""People: who somebody is, by their token or by their name, and what they may do; read from the ledger each time."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from weakref import WeakKeyDictionary

from muster.lifecycle.desk.context import Identity
from muster.ports.ledger import Ledger
from muster.records.access.alert import Severity, Suspicious
from muster.records.people import Role
from muster.rules.access.fold import KINDS, take
from muster.rules.access.roll import SECOND_PERSON, Member, Roll

TOKEN_PREFIX = "muster_"  # noqa: S105 - the visible start of every token, so that leaks can be searched for

_KNOWN: WeakKeyDictionary[Ledger, tuple[int, Roll]] = WeakKeyDictionary()
"""By ledger: how many of its entries were read, and what they add up to; a roll kept here never changes."""
_LOCK = threading.Lock()

_NOBODYS = hashlib.sha256(b"").hexdigest()


def known(ledger: Ledger) -> Roll:
    """Return everybody, after catching up with the ledger; to be read only.

    It is kept in memory, for strangers ask too, and each asking must cost next to nothing.
    """
    size = ledger.refresh()
    with _LOCK:
        upto, roll = _KNOWN.get(ledger, (0, Roll()))
        if upto < size:
            new = [recorded for kind in KINDS for recorded in ledger.read(kind=kind, start=upto)]
            if new:
                roll = roll.copy()
            for recorded in sorted(new, key=lambda each: each.seq):
                take(roll, recorded.entry)
            _KNOWN[ledger] = size, roll
    return roll


def require_known(ledger: Ledger, actor: str) -> Member:
    """Return an actor who was added and not removed; raise LookupError if there is none."""
    found = known(ledger).living(actor)
    if found is None:
        msg = f"no actor {actor!r} is known here; `muster actor list` shows who is"
        raise LookupError(msg)
    return found


def identify(ledger: Ledger, token: str, now: datetime) -> Identity:
    """Return who holds a token, and what they may do with it at this moment.

    Raises
    ------
    PermissionError
        If nobody holds it, or it has expired, or its actor may come in no more.
    Suspicious
        If it was revoked, and somebody still uses it.
    """
    roll = known(ledger)
    _, _, rest = token.partition(TOKEN_PREFIX)
    found = roll.tokens.get(rest.partition("_")[0])
    digest = found.issued.digest if found is not None else _NOBODYS
    matches = secrets.compare_digest(digest, token_digest(token))
    if found is None or not matches:
        msg = "this token is not known here: ask for a new one (muster token issue, or an admin: muster actor add)"
        raise PermissionError(msg)
    issued = found.issued
    if found.revoked or now >= issued.expires_at:
        if found.revoked:
            msg = f"token {issued.id} of {issued.actor} was revoked: whoever still uses it may have stolen it"
            raise Suspicious(msg, "revoked-token-used", Severity.WARNING)
        msg = f"token {issued.id} of {issued.actor} expired on {issued.expires_at:%Y-%m-%d %H:%M} UTC: make a new one"
        raise PermissionError(msg)
    whole = _identity(roll, issued.actor, now)
    roles = whole.roles & set(issued.roles) if issued.roles else whole.roles
    return replace(whole, roles=roles, read_only=issued.read_only, session=issued.id)


def identity_of(
    ledger: Ledger, actor: str, now: datetime, *, session_roles: Iterable[Role | str] = (), session: str = ""
) -> Identity:
    """Return somebody who was authenticated in another way than by a token, and what they may do at this moment.

    Parameters
    ----------
    session_roles
        Roles that the session brings, such as those of groups at an identity provider; one that needs a second person
        is not taken from there.

    Raises
    ------
    PermissionError
        If no such actor is known, or they may come in no more.
    """
    whole = _identity(known(ledger), actor, now)
    brought = frozenset(Role(role) for role in session_roles) - SECOND_PERSON
    scopes = {role: scopes for role, scopes in whole.scopes.items() if role not in brought}
    return replace(whole, roles=whole.roles | brought, scopes=scopes, session=session)


def locally(ledger: Ledger, identifier: str, now: datetime) -> Identity:
    """Return an actor named without proof, as local mode allows; raise PermissionError if there is none."""
    return replace(_identity(known(ledger), identifier, now), local=True)


def token_digest(token: str) -> str:
    """Return the SHA-256 of a token, in hex. Tokens hold 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _identity(roll: Roll, actor: str, now: datetime) -> Identity:
    member = roll.members.get(actor)
    if member is None:
        msg = f"no actor {actor!r} is known here; an admin adds one: muster actor add {actor} --roles ..."
        raise PermissionError(msg)
    if member.removed_at is not None:
        msg = f"{actor} was removed on {member.removed_at:%Y-%m-%d}: ask an admin who you are here now"
        raise PermissionError(msg)
    if roll.locked(member):
        msg = (
            f"{actor} is locked: {member.responsible}, who answered for it, was removed. "
            "An admin adds an account for which somebody answers (muster actor add --responsible)"
        )
        raise PermissionError(msg)
    roles = member.roles(now)
    scopes = {role: member.scopes(role, now) for role in roles}
    narrow = {role: places for role, places in scopes.items() if not any(place.everywhere for place in places)}
    return Identity(actor, roles, scopes=narrow, responsible=member.responsible)
