"""Blobs: write-once bytes, named by their digest, and a few named documents."""

from __future__ import annotations

from typing import Protocol


class Blobs(Protocol):
    """Bytes by ``sha256:HEX``; also small named documents, such as the newest orders of a gateway group."""

    def put(self, content: bytes) -> str:
        """Store bytes for good and return their digest; the same bytes may be put again."""
        ...

    def get(self, digest: str) -> bytes:
        """Return the bytes; raise KeyError if absent, ValueError if what is stored has another digest."""
        ...

    def remove(self, digest: str) -> None:
        """Let go of the bytes; raise KeyError if absent, PermissionError where the store forbids it for now."""
        ...

    def publish(self, name: str, content: bytes) -> None:
        """Replace the named document in one step."""
        ...

    def published(self, name: str) -> bytes:
        """Return the named document; raise KeyError if there is none."""
        ...
