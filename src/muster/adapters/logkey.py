"""The one private key that a gateway may hold: it signs what the gateway logged, and nothing else counts it.

Apart from the adapter of all other private keys, which gateways cannot reach (library: cryptography).
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from muster.records.trust import Algorithm, PublicKey

_ECDSA: Final = ec.ECDSA(hashes.SHA256())
_DER: Final = serialization.Encoding.DER
_SPKI: Final = serialization.PublicFormat.SubjectPublicKeyInfo


class LogKey:
    """Fills the port Signer with a key file that no passphrase protects: a gateway starts when nobody is there."""

    def __init__(self, private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> None:
        self._private = private
        algorithm = Algorithm.ED25519 if isinstance(private, ed25519.Ed25519PrivateKey) else Algorithm.ECDSA_P256
        spki = base64.b64encode(private.public_key().public_bytes(_DER, _SPKI)).decode()
        self._key = PublicKey(algorithm, spki)

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
    def load(cls, path: Path) -> LogKey:
        """Read a key file.

        Raises
        ------
        OSError
            Where it cannot be read.
        PermissionError
            Where people other than its owner may read it.
        ValueError
            Where it holds no ECDSA P-256 or Ed25519 key in PEM, or one with a passphrase.
        """
        if path.stat().st_mode & 0o077:
            msg = f"{path}: others than the owner may read this private key; run chmod 600 on it, or make a new key"
            raise PermissionError(msg)
        try:
            private = serialization.load_pem_private_key(path.read_bytes(), None)
        except TypeError:
            msg = f"{path}: a gateway's log key has no passphrase, for nobody is there to type it: make one without"
            raise ValueError(msg) from None
        except (ValueError, UnsupportedAlgorithm) as error:
            msg = f"{path}: no readable private key in PEM ({error})"
            raise ValueError(msg) from None
        if isinstance(private, ed25519.Ed25519PrivateKey) or (
            isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1)
        ):
            return cls(private)
        msg = f"{path}: the key is neither ECDSA P-256 nor Ed25519"
        raise ValueError(msg)
