"""Vault: personal data, sealed under a key of each person's own, so that destroying the key erases it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Erased(LookupError):  # noqa: N818 - a state of the world, not a fault
    """The key of this person's data was destroyed: it can be read by nobody any more."""


class Vault(Protocol):
    """Sealed blobs by digest of the sealed bytes, each belonging to one data subject."""

    def seal(self, subject: str, content: bytes, locked_until: datetime | None = None) -> str:
        """Encrypt and keep bytes about a person; return the digest of the sealed bytes.

        Until ``locked_until``, if given, the sealed bytes may not be deleted (they may become unreadable).
        """
        ...

    def open(self, digest: str) -> bytes:
        """Return the bytes; raise Erased if their key was destroyed, KeyError if absent, ValueError if changed."""
        ...

    def sealed(self, digest: str) -> bytes:
        """Return the sealed bytes, which tell nothing, but have the digest."""
        ...

    def held(self, subject: str) -> Sequence[str]:
        """Return the digests of everything sealed for a person."""
        ...

    def locked_until(self, subject: str) -> datetime | None:
        """Return until when some of a person's sealed bytes may not be deleted; None if all may be now."""
        ...

    def remove(self, digest: str) -> None:
        """Let go of one sealed blob; raise KeyError if absent, PermissionError while it is locked."""
        ...

    def erase(self, subject: str) -> None:
        """Destroy a person's key, then delete what may be deleted; locked bytes stay, and nobody can read them."""
        ...
