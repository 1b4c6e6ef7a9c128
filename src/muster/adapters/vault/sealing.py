"""Sealing: authenticated encryption of bytes about a person (library: cryptography; AES-256-GCM, NIST SP 800-38D).

Sealed bytes begin with one line that names the key, so that they can be opened without any index, and continue with
nonce and ciphertext. The line is authenticated too: sealed bytes cannot be passed off as another person's.
"""

from __future__ import annotations

import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE = 12
_HEAD = re.compile(rb"muster sealed 1 ([0-9a-f]{32}) ([0-9]{1,9})\n")
_LONGEST_HEAD = 64


def new_key() -> bytes:
    """Return 256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, person: str, generation: int, content: bytes) -> bytes:
    """Return sealed bytes.

    Parameters
    ----------
    key
        The 32 bytes of the person's key.
    person
        32 hex digits that name the person in the store; not their id.
    generation
        Which of the person's keys it is: an erased person may come back and get another.
    """
    head = f"muster sealed 1 {person} {generation}\n".encode()
    nonce = secrets.token_bytes(_NONCE)
    return head + nonce + AESGCM(key).encrypt(nonce, content, head)


def key_named(sealed: bytes) -> tuple[str, int]:
    """Return person and generation of the key that opens sealed bytes; raise ValueError where they are none."""
    found = _HEAD.match(sealed[:_LONGEST_HEAD])
    if found is None:
        msg = "these bytes were not sealed by muster: they do not begin with the name of a key"
        raise ValueError(msg)
    return found[1].decode(), int(found[2])


def unseal(key: bytes, sealed: bytes) -> bytes:
    """Return what was sealed; raise ValueError where the bytes or the key are not the ones."""
    head = sealed[: sealed.index(b"\n") + 1]
    nonce, ciphertext = sealed[len(head) :][:_NONCE], sealed[len(head) + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, head)
    except (InvalidTag, ValueError):
        msg = "the sealed bytes or their key were changed: restore them from a copy"
        raise ValueError(msg) from None
