"""Persons: who the actors are in life. Names live in the directory only; `muster personal-data erase` erases them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.people import require_known
from muster.lifecycle.desk.reach.cover import holds_everywhere
from muster.ports.directory import Person
from muster.records.people import Role

READERS = (Role.ADMIN, Role.AUDITOR)
"""Who is shown names of others: people are of the whole house, and so must the role be."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What the directory tells of a person; no credential is among it."""

    actor: str
    name: str
    email: str
    signs_in_by: tuple[str, ...]
    """``password``, or the identity provider's address."""


@action("person set", everybody=True)
def put(context: Context, actor: str, name: str | None = None, email: str | None = None) -> PersonLine:
    """Say who an actor is in life: your own name and address, or as an admin those of others. Both can be erased.

    Parameters
    ----------
    actor
        The pseudonymous id; it is all that the ledger ever says.
    name, email
        What is left out stays as it is.
    """
    identity = context.identity
    if actor != identity.id and Role.ADMIN not in identity.roles:
        msg = f"{identity.id} says who they are themself; an admin does it for {actor}"
        raise PermissionError(msg)
    require_known(context.house.ledger, actor)
    if name is None and email is None:
        msg = "say what is to be set: a name, an e-mail address, or both"
        raise ValueError(msg)
    kept = context.house.directory.person(actor) or Person(actor)
    given = {"name": kept.name if name is None else name, "email": kept.email if email is None else email}
    context.house.directory.keep(replace(kept, **given))
    return _line(replace(kept, **given))


@view("person show", roles=READERS)
def show(context: Context, actor: str) -> PersonLine:
    """Show who an actor is in life."""
    found = context.house.directory.person(actor)
    if found is None:
        msg = f"the directory says nothing of {actor!r}; `muster person list` shows whom it knows"
        raise LookupError(msg)
    return _line(found)


@view("person list", roles=READERS)
def listed(context: Context) -> tuple[PersonLine, ...]:
    """List who the actors are in life."""
    return tuple(_line(person) for person in context.house.directory.persons())


def names(context: Context) -> Mapping[str, str]:
    """Return the names of actors, for those who may see them; to others, nothing."""
    if not holds_everywhere(context, *READERS):
        return {}
    return {person.actor: person.name for person in context.house.directory.persons()}


def name_of(context: Context, actor: str) -> str:
    """Return the name of one actor, for those who may see it and for themself."""
    if actor != context.identity.id and not holds_everywhere(context, *READERS):
        return ""
    found = context.house.directory.person(actor)
    return found.name if found is not None else ""


def _line(person: Person) -> PersonLine:
    ways = ("password",) * bool(person.password) + ((person.issuer,) if person.issuer else ())
    return PersonLine(person.actor, person.name, person.email, ways)
