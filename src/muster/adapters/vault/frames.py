"""Frames: a file that grows, sealed piece by piece, so that nothing of it is ever on disk as it is.

Library: cryptography; AES-256-GCM (NIST SP 800-38D) under a key of each file's own, which is wrapped (RFC 3394) by the
first key of a key file and stands, wrapped, in the file's first line with the name of the key that opens it. Then come
frames: their length (4 bytes, big-endian) and ciphertext. The nonce is the number of the frame and the line is
authenticated, so that frames can be neither moved nor taken from another file. What is cut off at the end shows in what
the frames hold: here, in the rows that a closed segment is named after.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from muster.ports.log import FRAMED, Locked

KEY_BYTES: Final = 32
_LENGTH: Final = 4
_NONCE: Final = 12


class FrameCipher:
    """Fills the port LogCipher with the keys of a file: the first seals, each of them opens what it sealed.

    Parameters
    ----------
    keys
        32 bytes each, by their names, the one that seals first.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self._first = next(iter(keys))

    @classmethod
    def load(cls, path: Path) -> FrameCipher:
        """Read a key file: a key a line, 32 bytes in base64 (``head -c 32 /dev/urandom | base64``).

        Raises
        ------
        OSError
            Where it cannot be read.
        PermissionError
            Where people other than its owner may read it.
        ValueError
            Where it holds no key, or a line is none.
        """
        if path.stat().st_mode & 0o077:
            msg = f"{path}: others than the owner may read this key; run chmod 600 on it, or make a new one"
            raise PermissionError(msg)
        return cls.read(path.read_bytes(), str(path))

    @classmethod
    def read(cls, content: bytes, where: str) -> FrameCipher:
        """Read keys as they stand in a key file; raise ValueError as :meth:`load` does, never with what was read."""
        keys = {}
        for number, line in enumerate(content.replace(b",", b" ").split(), 1):
            try:
                key = base64.b64decode(line, validate=True)
            except binascii.Error:
                key = b""
            if len(key) != KEY_BYTES:
                msg = f"{where}: key {number} is not 32 bytes in base64: make one with head -c 32 /dev/urandom | base64"
                raise ValueError(msg)
            keys[name_of(key)] = key
        if not keys:
            msg = f"{where}: there is no key in it: make one with head -c 32 /dev/urandom | base64"
            raise ValueError(msg)
        return cls(keys)

    def begin(self) -> Frames:
        """Begin a file under a new key."""
        return Frames(self._first, self._keys[self._first])

    def open(self, content: bytes) -> bytes:
        """Return what whole frames hold; a last one that is torn is left out.

        Raises
        ------
        Locked
            If the key that opens it is not here.
        ValueError
            If anything but the end was changed.
        """
        head = content[: content.index(b"\n") + 1] if b"\n" in content else b""
        parts = head.removeprefix(FRAMED).split()
        if len(parts) != 2 or not head.startswith(FRAMED):
            msg = "these bytes do not begin with the name of a key"
            raise ValueError(msg)
        name = parts[0].decode("ascii", "replace")
        if name not in self._keys:
            msg = f"it is sealed with key {name}, which is not among those of setting log_encryption_key"
            raise Locked(msg)
        try:
            cipher = AESGCM(aes_key_unwrap(self._keys[name], base64.b64decode(parts[1], validate=True)))
        except (InvalidUnwrap, ValueError):
            msg = f"its own key, wrapped by key {name}, was changed"
            raise ValueError(msg) from None
        return b"".join(_opened(cipher, head, content))


class Frames:
    """One file, from its beginning.

    Parameters
    ----------
    name, key
        Of the key that wraps the file's own.
    """

    def __init__(self, name: str, key: bytes) -> None:
        own = secrets.token_bytes(KEY_BYTES)
        self._cipher = AESGCM(own)
        self._number = 0
        self.head = FRAMED + name.encode() + b" " + base64.b64encode(aes_key_wrap(key, own)) + b"\n"
        """First line of the file."""

    def sealed(self, content: bytes) -> bytes:
        """Return the next frame."""
        sealed = self._cipher.encrypt(_nonce(self._number), content, self.head)
        self._number += 1
        return len(sealed).to_bytes(_LENGTH, "big") + sealed


def name_of(key: bytes) -> str:
    """Return what a key is called: it tells nothing of the key."""
    return hashlib.sha256(b"muster log encryption key\0" + key).hexdigest()[:16]


def _opened(cipher: AESGCM, head: bytes, content: bytes) -> Iterator[bytes]:
    at, number = len(head), 0
    while at + _LENGTH <= len(content):
        end = at + _LENGTH + int.from_bytes(content[at : at + _LENGTH], "big")
        if end > len(content):
            return
        try:
            yield cipher.decrypt(_nonce(number), content[at + _LENGTH : end], head)
        except (InvalidTag, ValueError):
            if end == len(content):
                return  # torn: a disk that lost power may keep a length and not what it is of
            msg = f"frame {number} was changed"
            raise ValueError(msg) from None
        at, number = end, number + 1


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE, "big")
