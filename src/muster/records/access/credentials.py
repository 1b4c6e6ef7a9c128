"""Credentials: tokens, passwords, linked identities and sessions. The ledger holds digests, no personal data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from muster.records.codec import ADDED, kind
from muster.records.people import Role


class SignInBy(StrEnum):
    """How somebody showed who they are."""

    PASSWORD = "password"  # noqa: S105 - the name of a way in
    OIDC = "oidc"
    """OpenID Connect, at the identity provider of the business."""
    LINK = "link"
    """A one-time link that an admin, or the first start, handed out."""


@kind("token.issued")
@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A bearer token for the API: 256 random bits, of which only the digest is kept; it ends by itself."""

    id: str
    """Stands at the beginning of the token, to find it by."""
    actor: str
    digest: str
    """SHA-256 of the token, hex."""
    label: str
    expires_at: datetime
    roles: tuple[Role, ...] = ()
    """The only roles of its actor that it carries; none named: all that they hold."""
    read_only: bool = False

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"


@kind("token.revoked")
@dataclass(frozen=True, slots=True)
class TokenRevocation:
    """A token ends before its time."""

    id: str
    actor: str
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"


@kind("credential.set")
@dataclass(frozen=True, slots=True)
class Credential:
    """What somebody signs in with is kept in the directory; this digest shows whether it was changed there."""

    actor: str
    by: SignInBy
    digest: str
    """SHA-256, hex, of what the directory holds; empty: this way in is closed."""
    expires_at: datetime | None = field(default=None, metadata=ADDED)
    """For a one-time link: until when it may be used."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"


@kind("session.opened")
@dataclass(frozen=True, slots=True)
class OpenedSession:
    """Somebody signed in."""

    id: str
    actor: str
    by: SignInBy
    expires_at: datetime
    digest: str = field(default="", metadata=ADDED)
    """SHA-256, hex, of what the directory holds of the session, so that nobody lengthens or strengthens it there."""

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"


@kind("session.closed")
@dataclass(frozen=True, slots=True)
class ClosedSession:
    """A session ended before its time: by its owner, or revoked by an admin."""

    id: str
    actor: str
    reason: str

    @property
    def subject(self) -> str:
        """Ledger subject."""
        return f"actor:{self.actor}"
