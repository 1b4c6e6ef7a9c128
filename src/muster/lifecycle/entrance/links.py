"""One-time links: 256 random bits that somebody is handed, to come in once, before the link ends by itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.desk.people import known, require_known
from muster.lifecycle.entrance.register import register_of
from muster.lifecycle.entrance.seals import secret_digest
from muster.ports.ledger import Conflict
from muster.records.access.alert import Alert, Severity
from muster.records.access.credentials import Credential, SignInBy
from muster.records.entry import Basis
from muster.records.people import Role

LONGEST_HOURS = 168


@dataclass(frozen=True, slots=True)
class NewLink:
    """A one-time link, which is shown this once and kept nowhere."""

    actor: str
    path: str
    """What follows the address of the control plane."""
    expires_at: datetime


@action("actor link", roles=(Role.ADMIN,))
def link(context: Context, id: str, hours: int = 1) -> NewLink:  # noqa: A002 - the field's word
    """Make a one-time link for a person: an invitation, or the way back for who lost the password.

    Whoever opens it sets a password, or ties the actor to their name at the identity provider. A new link replaces
    the one before; what the person signed in with so far keeps working until they set something new.

    Parameters
    ----------
    id
        The actor; not a service account, which has tokens.
    hours
        How long the link is good for, 1 to 168.
    """
    if not 1 <= hours <= LONGEST_HOURS:
        msg = f"hours is {hours}: a link lives 1 to {LONGEST_HOURS} hours"
        raise ValueError(msg)
    if require_known(context.house.ledger, id).responsible:
        msg = f"{id} is a service account, which signs in nowhere: make a token (muster token issue {id})"
        raise ValueError(msg)
    secret = secrets.token_urlsafe(32)
    until = context.house.clock() + timedelta(hours=hours)
    context.record(Credential(id, SignInBy.LINK, secret_digest(secret), until))
    _tell(context, id)
    return NewLink(id, f"/enter?link={secret}", until)


def _tell(context: Context, actor: str) -> None:
    """Let people hear of a new way in for somebody who has one: whoever opens the link acts in that one's name."""
    house = context.house
    there = register_of(house.ledger).credentials
    if not any((actor, by) in there for by in (SignInBy.PASSWORD, SignInBy.OIDC)):
        return
    words = (
        f"{context.identity.actor} made a one-time link for {actor}, who signs in already: whoever opens it acts as "
        f"{actor}. If {actor} did not ask for it, make another (muster actor link), which replaces it, and find out why"
    )
    house.notify.notify(Alert("sign-in-replaced", Severity.WARNING, f"actor:{actor}", words, house.clock()))


def require_link(house: House, secret: str) -> str:
    """Return whose link it is; raise PermissionError if it was used, has ended, or never was one."""
    found = register_of(house.ledger).links.get(secret_digest(secret))
    usable = found is not None and found.expires_at is not None and house.clock() < found.expires_at
    if found is None or not usable or known(house.ledger).living(found.actor) is None:
        msg = "this link is not good any more: it was used, replaced, or its time is over. An admin makes a new one"
        raise PermissionError(msg)
    return found.actor


def link_used(house: House, secret: str) -> str:
    """Use up a link without setting anything; return whose it was, or raise PermissionError where it is not good."""
    size = house.ledger.refresh()
    actor = require_link(house, secret)
    context = Context(house, Identity(actor, frozenset()), lambda _: None)
    try:
        context.record(used(actor), expect=Basis(size, frozenset({f"actor:{actor}"})))
    except Conflict:
        msg = "this link was used at the same moment, or something about you was changed: try once more"
        raise PermissionError(msg) from None
    return actor


def used(actor: str) -> Credential:
    """Return the record that closes the link of an actor."""
    return Credential(actor, SignInBy.LINK, "")
