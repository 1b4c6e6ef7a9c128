"""Seals: digests by which the ledger knows what the directory held, so that editing the directory gains nothing."""

from __future__ import annotations

import hashlib

from muster.ports.directory import Person, Session
from muster.records.access.credentials import SignInBy
from muster.records.canonical import canonical
from muster.records.codec import stamp

CHANGED = "directory-changed"
"""The alert where directory and ledger differ."""


def secret_digest(secret: str) -> str:
    """Return the SHA-256, hex, of a secret of 256 random bits, for which a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person_seal(person: Person, by: SignInBy) -> str:
    """Return the digest of what the directory holds for one way in; a random salt goes into it, so it tells nothing."""
    held = {
        SignInBy.PASSWORD: [person.password],
        SignInBy.OIDC: [person.issuer, person.issuer_subject, person.link_salt],
    }[by]
    return hashlib.sha256(canonical([by.value, person.actor, *held])).hexdigest()


def session_seal(session: Session) -> str:
    """Return the digest of all of a session that never changes."""
    times = [stamp(session.opened_at), stamp(session.expires_at)]
    fields = [session.id, session.actor, session.digest, session.by.value, *times, *session.roles]
    return hashlib.sha256(canonical(fields)).hexdigest()
