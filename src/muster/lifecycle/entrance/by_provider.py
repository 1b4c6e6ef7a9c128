"""By provider: somebody whom the identity provider of the business knows is one of our actors, or becomes one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace

from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.desk.people import identity_of, known
from muster.lifecycle.entrance.by_password import require_unchanged
from muster.lifecycle.entrance.links import require_link, used
from muster.lifecycle.entrance.sealing import keep_sealed
from muster.lifecycle.entrance.ways import Ways
from muster.ports.directory import Claims, Person
from muster.ports.ledger import Conflict
from muster.records.access.credentials import Credential, SignInBy
from muster.records.access.roles import RoleProposal, Scope
from muster.records.entry import Basis
from muster.records.people import Actor, Role
from muster.rules.access.objections import objection
from muster.rules.access.roll import PROPOSAL_LIFE, SECOND_PERSON, SYSTEM


def by_provider(house: House, ways: Ways, claims: Claims) -> tuple[str, tuple[Role, ...]]:
    """Return who somebody is here, and the roles that their groups bring to this session.

    A role that needs a second person is never brought: it is proposed, once, for somebody to confirm.

    Raises
    ------
    PermissionError
        If nobody here is tied to that name at the provider and none may join, or the actor may come in no more.
    Suspicious
        If the tie in the directory is not the one that the ledger knows of.
    """
    person = house.directory.linked(claims.issuer, claims.subject)
    if person is None:
        if not ways.join:
            msg = "nobody here is tied to your name at the identity provider: ask an admin for a one-time link"
            raise PermissionError(msg)
        person = _joined(house, claims)
    require_unchanged(house, person, SignInBy.OIDC)
    return person.actor, brought(house, ways, person.actor, claims.groups)


def tie_by_link(house: House, link: str, claims: Claims) -> str:
    """Tie whoever holds a one-time link to their name at the provider; return whose link it was.

    Raises
    ------
    PermissionError
        If the link is not good, or that name is tied to another actor.
    """
    size = house.ledger.refresh()
    actor = require_link(house, link)
    there = house.directory.linked(claims.issuer, claims.subject)
    if there is not None and there.actor != actor:
        msg = "this name at the identity provider is tied to another actor here: ask an admin which of them you are"
        raise PermissionError(msg)
    try:
        _tie(house, actor, claims, used(actor), expect=Basis(size, frozenset({f"actor:{actor}"})))
    except Conflict:
        msg = "this link was used at the same moment, or something about you was changed: try once more"
        raise PermissionError(msg) from None
    return actor


def brought(house: House, ways: Ways, actor: str, groups: Iterable[str]) -> tuple[Role, ...]:
    """Return the roles that groups bring to a session; propose those that need a second person."""
    wanted = {ways.groups[group] for group in groups if group in ways.groups}
    held = identity_of(house.ledger, actor, house.clock()).roles
    for role in sorted((wanted & SECOND_PERSON) - held):
        _propose(house, actor, role)
    return tuple(sorted(wanted - SECOND_PERSON))


def _propose(house: House, actor: str, role: Role) -> None:
    """Propose a role, unless it was proposed in these days already: nobody is asked again at each sign-in."""
    now = house.clock()
    same = (known.proposed for known in known(house.ledger).proposals.values())
    if any((each.actor, each.role) == (actor, role) and each.expires_at > now for each in same):
        return
    reason = "a group at the identity provider stands for this role"
    _write_itself(house, RoleProposal(f"p{secrets.token_hex(6)}", actor, role, Scope(), reason, now + PROPOSAL_LIFE))


def _joined(house: House, claims: Claims) -> Person:
    """Make an actor without roles, under an id that says nothing about the person."""
    actor = f"p-{secrets.token_hex(5)}"
    _write_itself(house, Actor(actor, ()))
    return _tie(house, actor, claims)


def _tie(house: House, actor: str, claims: Claims, *also: Credential, expect: Basis | None = None) -> Person:
    def tied(held: Person) -> Person:
        """Return a person with their name at the provider, and what is known of them from there."""
        return replace(
            held,
            issuer=claims.issuer,
            issuer_subject=claims.subject,
            link_salt=secrets.token_hex(16),
            name=held.name or claims.name,
            email=held.email or claims.email,
        )

    return keep_sealed(house, actor, SignInBy.OIDC, tied, *also, expect=expect)


def _write_itself(house: House, record: Actor | RoleProposal) -> None:
    """Write what nobody asked for, in the name of the control plane; raise PermissionError if it would not count."""
    context = Context(house, Identity(SYSTEM, frozenset()), lambda _: None)
    basis = context.basis()
    entry = context.entry(record)
    if why := objection(known(house.ledger), entry):
        raise PermissionError(why)
    house.ledger.append([entry], basis)
