"""Identity: how somebody shows who they are: by a password, or at the identity provider of the business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


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
