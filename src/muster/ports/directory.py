"""Directory: who the actors are in life. The one place with names, and everything in it can be erased.

Beside it: how somebody shows that they are one of them, by a password or at the identity provider of the business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from muster.records.access.credentials import SignInBy


@dataclass(frozen=True, slots=True)
class Person:
    """What is known about the person behind an actor's pseudonymous id."""

    actor: str
    name: str = ""
    email: str = ""
    password: str = ""
    """Argon2id hash with its salt and parameters; empty: no password was set."""
    issuer: str = ""
    """Identity provider that they sign in at; empty: none."""
    issuer_subject: str = ""
    """Their name there (the claim ``sub``)."""
    link_salt: str = ""
    """Random, beside the two: what the ledger holds of the link must tell nothing about the name."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in, until when, and what the identity provider said of them then."""

    id: str
    actor: str
    digest: str
    """SHA-256, hex, of the opaque value in their cookie."""
    by: SignInBy
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    roles: tuple[str, ...] = ()
    """Roles that groups at the identity provider bring, for this session only."""


class Directory(Protocol):
    """Persons and their sessions, by pseudonymous id; holds nothing that a decision rests on."""

    def person(self, actor: str) -> Person | None:
        """Return what is known about an actor."""
        ...

    def linked(self, issuer: str, issuer_subject: str) -> Person | None:
        """Return who signs in under this name at this identity provider."""
        ...

    def persons(self) -> Sequence[Person]:
        """Return everybody, by actor."""
        ...

    def keep(self, person: Person) -> None:
        """Add a person, or replace what was known."""
        ...

    def erase(self, actor: str) -> None:
        """Forget a person and their sessions, beyond recovery from this store."""
        ...

    def open_session(self, session: Session) -> None:
        """Keep a new session."""
        ...

    def session(self, digest: str) -> Session | None:
        """Return the session of a cookie, by the digest of its value; ended ones are not returned."""
        ...

    def sessions(self, actor: str = "") -> Sequence[Session]:
        """Return the open sessions, of one actor or of all."""
        ...

    def touch(self, id: str, seen_at: datetime) -> None:  # noqa: A002 - the field's word
        """Note that a session was used."""
        ...

    def close_session(self, id: str) -> None:  # noqa: A002 - as above
        """End a session; nothing happens if it has ended."""
        ...


class Passwords(Protocol):
    """Hashes that are slow to try; both methods take the time of one hash, whatever they find."""

    def hashed(self, password: str) -> str:
        """Return what to keep of a password: the hash with its salt and parameters."""
        ...

    def matches(self, kept: str, password: str) -> bool:
        """Tell whether a password is the one that was hashed; nothing kept takes as long, and never matches."""
        ...

    def outdated(self, kept: str) -> bool:
        """Tell whether a hash was made with other parameters than today's, and should be made again."""
        ...


@dataclass(frozen=True, slots=True)
class Claims:
    """What an identity provider said of somebody, verified."""

    issuer: str
    subject: str
    """The claim ``sub``: stable, and known to nobody else."""
    name: str = ""
    email: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Journey:
    """Somebody was sent to the identity provider: what must come back with them."""

    url: str
    """Where they are sent."""
    state: str
    nonce: str
    verifier: str
    """PKCE: only who holds it can redeem the code."""


class Provider(Protocol):
    """An OpenID Connect provider, found by its discovery document."""

    def depart(self, redirect: str) -> Journey:
        """Begin a sign-in that returns to ``redirect``; raise OSError if the provider cannot be reached."""
        ...

    def arrive(self, journey: Journey, redirect: str, answer: str) -> Claims:
        """Redeem what came back (the query of the return address).

        Raises
        ------
        PermissionError
            If anything in it is not what this journey asked for, or the provider's signature does not hold.
        OSError
            If the provider cannot be reached.
        """
        ...
