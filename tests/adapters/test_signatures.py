import base64
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.records.trust import Algorithm, PublicKey

ALGORITHMS = list(Algorithm)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_key_signs_and_only_its_own_signature_of_the_same_message_verifies(
    tmp_path: Path, algorithm: Algorithm
) -> None:
    key = KeyFile.create(tmp_path / "key.pem", algorithm)
    signature = key.sign(b"message")
    assert verify(key.key, b"message", signature)
    assert not verify(key.key, b"massage", signature)
    assert not verify(key.key, b"message", signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not verify(KeyFile.create(tmp_path / "other.pem", algorithm).key, b"message", signature)


def test_verify_answers_false_to_whatever_is_malformed(tmp_path: Path) -> None:
    key = KeyFile.create(tmp_path / "key.pem", Algorithm.ED25519)
    signature = key.sign(b"m")
    other_curve = ec.generate_private_key(ec.SECP384R1())
    spki = base64.b64encode(
        other_curve.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).decode()
    assert not verify(key.key, b"m", b"")
    assert not verify(key.key, b"m", None)
    assert not verify(replace(key.key, algorithm=Algorithm.ECDSA_P256), b"m", signature)
    assert not verify(replace(key.key, algorithm="none"), b"m", signature)
    assert not verify(PublicKey(Algorithm.ED25519, "not base64!"), b"m", signature)
    assert not verify(PublicKey(Algorithm.ED25519, "AAAA"), b"m", signature)
    assert not verify(PublicKey(Algorithm.ED25519, "é"), b"m", signature)
    assert not verify(PublicKey(Algorithm.ECDSA_P256, spki), b"m", KeyFile(other_curve).sign(b"m")), (
        "a sound signature on another curve is not of this algorithm"
    )
