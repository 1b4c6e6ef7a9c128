"""By password: checked against the directory, which is checked against the ledger."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import replace

from muster.lifecycle.desk.context import House
from muster.lifecycle.desk.people import identity_of
from muster.lifecycle.entrance.links import require_link, used
from muster.lifecycle.entrance.register import register_of
from muster.lifecycle.entrance.sealing import keep_sealed
from muster.lifecycle.entrance.seals import CHANGED, person_seal
from muster.ports.directory import Passwords, Person
from muster.ports.ledger import Conflict
from muster.records.access.alert import Suspicious
from muster.records.access.credentials import Credential, SignInBy
from muster.records.entry import Basis
from muster.rules.entrance.passwords import LONGEST, faults_of

WRONG = "name or password is wrong, or no password was set: try again, or ask an admin for a one-time link"
"""The same words for every reason, so that nobody learns which names there are."""


def by_password(house: House, passwords: Passwords, actor: str, password: str) -> None:
    """Check a password; returns only where it is right.

    It takes as long for a name that nobody has as for a wrong password.

    Raises
    ------
    PermissionError
        If the name or the password is wrong, or the actor may come in no more.
    Suspicious
        If what the directory holds is not what the person had set.
    """
    register_of(house.ledger)  # read before, so that a name that is known takes no longer than one that is not
    size = house.ledger.size
    person = house.directory.person(actor)
    right = passwords.matches(person.password if person else "", password[: LONGEST + 1])
    if person is not None and person.password:
        require_unchanged(house, person, SignInBy.PASSWORD)
    if person is None or not right:
        raise PermissionError(WRONG)
    identity_of(house.ledger, actor, house.clock())
    if passwords.outdated(person.password):
        again = passwords.hashed(password)
        # Where a new password was set meanwhile, the old one must not come back by this.
        with contextlib.suppress(Conflict):
            keep_sealed(
                house,
                actor,
                SignInBy.PASSWORD,
                lambda held: replace(held, password=again),
                expect=Basis(size, frozenset({f"actor:{actor}"})),
            )


def password_by_link(house: House, passwords: Passwords, link: str, password: str) -> str:
    """Set the password of whoever holds a one-time link, which is used by that; return whose it is.

    Raises
    ------
    PermissionError
        If the link is not good, or somebody used it at the same moment.
    ValueError
        If the password will not do; the link is as good as before.
    """
    size = house.ledger.refresh()
    actor = require_link(house, link)
    basis = Basis(size, frozenset({f"actor:{actor}"}))
    try:
        set_password(house, passwords, actor, password, used(actor), expect=basis)
    except Conflict:
        msg = "this link was used at the same moment, or something about you was changed: try once more"
        raise PermissionError(msg) from None
    return actor


def set_password(
    house: House, passwords: Passwords, actor: str, password: str, *also: Credential, expect: Basis | None = None
) -> None:
    """Keep a new password, and let the ledger know its seal; raise ValueError if it will not do."""
    person = house.directory.person(actor) or Person(actor)
    names = (actor, *person.name.split(), *person.email.replace("@", " ").split())
    if words := faults_of(password, names):
        raise ValueError(words)
    new = passwords.hashed(password)
    keep_sealed(house, actor, SignInBy.PASSWORD, lambda held: replace(held, password=new), *also, expect=expect)


def require_unchanged(house: House, person: Person, by: SignInBy) -> None:
    """Hold what the directory says of a way in against the ledger; raise Suspicious where they differ."""
    set_last = register_of(house.ledger).credentials.get((person.actor, by))
    sealed = set_last.digest if set_last else ""
    if not secrets.compare_digest(sealed, person_seal(person, by)):
        msg = (
            f"the directory was changed: what {person.actor} signs in with is not what the ledger knows of. "
            "Nobody comes in by it; an admin looks into it and makes a new link (muster actor link)"
        )
        raise Suspicious(msg, CHANGED)
