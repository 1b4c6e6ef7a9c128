"""Private keys in files (library: cryptography)."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from muster.records.trust import Algorithm, PublicKey

_ECDSA: Final = ec.ECDSA(hashes.SHA256())
_ENCRYPTED: Final = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
"""First line of an encrypted PKCS #8 key in PEM (RFC 7468, section 11)."""

_Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


class KeyFile:
    """One private key from a file, for one duty: fills the port Signer."""

    def __init__(self, private: _Private) -> None:
        self._private = private
        self._key = _public(private)

    @property
    def key(self) -> PublicKey:
        """The public half."""
        return self._key

    def sign(self, message: bytes) -> bytes:
        """Return a signature: DER for ECDSA P-256 over SHA-256, 64 raw bytes for Ed25519."""
        if isinstance(self._private, ed25519.Ed25519PrivateKey):
            return self._private.sign(message)
        return self._private.sign(message, _ECDSA)

    @classmethod
    def create(cls, path: Path, algorithm: Algorithm, passphrase: bytes | None = None) -> KeyFile:
        """Make a key and write it as PKCS #8 PEM that only its owner may read.

        The file comes into being with mode 0600 and is on disk when this returns. With a passphrase it is encrypted.

        Raises
        ------
        FileExistsError
            Where something stands at ``path``: a key is never overwritten.
        OSError
            Where it cannot be written; nothing is left behind.
        """
        private = _generate(algorithm)
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption(),
        )
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            msg = f"{path} exists already, and a key is never overwritten: choose another path or move that file away"
            raise FileExistsError(msg) from None
        try:
            _write(descriptor, pem, path.parent)
        except OSError as error:
            path.unlink()
            raise OSError(error.errno, error.strerror, str(path)) from None
        return cls(private)

    @classmethod
    def load(cls, path: Path, passphrase: bytes | None = None) -> KeyFile:
        """Read a key file.

        Raises
        ------
        OSError
            Where it cannot be read.
        PermissionError
            Where people other than its owner may read it.
        ValueError
            Where it holds no ECDSA P-256 or Ed25519 key in PEM, or the passphrase is missing or wrong.
        """
        if path.stat().st_mode & 0o077:
            msg = f"{path}: others than the owner may read this private key; run chmod 600 on it, or make a new key"
            raise PermissionError(msg)
        try:
            private = serialization.load_pem_private_key(path.read_bytes(), passphrase)
        except TypeError:
            wanted = "is not encrypted: leave the passphrase out" if passphrase else "is encrypted: give its passphrase"
            msg = f"{path}: the key {wanted}"
            raise ValueError(msg) from None
        except (ValueError, UnsupportedAlgorithm) as error:
            msg = f"{path}: no readable private key in PEM, or a wrong passphrase ({error})"
            raise ValueError(msg) from None
        if isinstance(private, ed25519.Ed25519PrivateKey) or (
            isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1)
        ):
            return cls(private)
        msg = f"{path}: the key is neither ECDSA P-256 nor Ed25519"
        raise ValueError(msg)


def encrypted(path: Path) -> bool:
    """Tell whether a key file says that it is encrypted; raise OSError if it cannot be read."""
    with path.open("rb") as file:
        return file.read(len(_ENCRYPTED)) == _ENCRYPTED


def _generate(algorithm: Algorithm) -> _Private:
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _public(private: _Private) -> PublicKey:
    der = private.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    algorithm = Algorithm.ED25519 if isinstance(private, ed25519.Ed25519PrivateKey) else Algorithm.ECDSA_P256
    return PublicKey(algorithm, base64.b64encode(der).decode())


def _write(descriptor: int, content: bytes, folder: Path) -> None:
    """Write and close a new file, durably: its bytes and its name in the folder."""
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    listing = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(listing)
    finally:
        os.close(listing)
