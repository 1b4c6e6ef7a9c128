"""Signatures: their one verifier, apart from private keys, so that gateways reach no signer (library: cryptography)."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from muster.records.trust import Algorithm, PublicKey

_ECDSA: Final = ec.ECDSA(hashes.SHA256())


def verify(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Tell whether this key signed exactly this message; False, never an error, for anything malformed."""
    try:
        public = _loaded(key.spki)
        if key.algorithm == Algorithm.ED25519 and isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(signature, message)
            return True
        if key.algorithm == Algorithm.ECDSA_P256 and isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, message, _ECDSA)
            return isinstance(public.curve, ec.SECP256R1)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError, AttributeError):
        return False
    return False


@lru_cache(maxsize=256)
def _loaded(spki: str) -> PublicKeyTypes:
    """Read a public key once: the same few keys verify thousands of checkpoints and envelopes."""
    return serialization.load_der_public_key(base64.b64decode(spki, validate=True))
