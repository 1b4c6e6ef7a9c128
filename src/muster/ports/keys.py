"""Signer and verifier: cryptography, kept behind two small doors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from muster.records.trust import PublicKey

Verify = Callable[[PublicKey, bytes, bytes], bool]
"""``verify(key, message, signature)``: True only if this key signed exactly this message."""


class Signer(Protocol):
    """Holds one private key for one duty."""

    @property
    def key(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return a signature: DER for ECDSA P-256 over SHA-256, 64 raw bytes for Ed25519."""
        ...
