"""Envelopes: DSSE signatures over in-toto Statements, in Sigstore bundles.

Sources: DSSE v1 (github.com/secure-systems-lab/dsse), in-toto Statement v1, Sigstore bundle v0.3.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.records.trust import Envelope, PublicKey, Signature

Verify = Callable[[PublicKey, bytes, bytes], bool]
Sign = Callable[[bytes], bytes]

STATEMENT = "https://in-toto.io/Statement/v1"
IN_TOTO = "application/vnd.in-toto+json"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"

MOST_SIGNATURES = 100
"""Of one envelope; each is tried with each key, and whoever writes the envelope must not decide how long that takes."""


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Return what is signed: DSSE's PAE, which binds the type to the payload."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def seal(payload_type: str, payload: bytes, signers: Sequence[tuple[PublicKey, Sign]]) -> Envelope:
    """Sign a payload with each of the keys."""
    message = pre_authentication_encoding(payload_type, payload)
    signatures = tuple(Signature(key.id, base64.b64encode(sign(message)).decode()) for key, sign in signers)
    return Envelope(payload_type, base64.b64encode(payload).decode(), signatures)


def signers_of(
    envelope: Envelope, payload_type: str, keys: Sequence[PublicKey], verify: Verify
) -> tuple[bytes, frozenset[str]]:
    """Return the payload, and the ids of those of ``keys`` that signed it; raise PermissionError on another type.

    The key id in an envelope is only a hint: what counts is which key verifies.
    """
    if envelope.payloadType != payload_type:
        msg = f"the envelope holds {envelope.payloadType!r}, expected {payload_type!r}"
        raise PermissionError(msg)
    if len(envelope.signatures) > MOST_SIGNATURES:
        msg = f"the envelope carries {len(envelope.signatures)} signatures, {MOST_SIGNATURES} is the most"
        raise PermissionError(msg)
    try:
        payload = base64.b64decode(envelope.payload, validate=True)
        signatures = [base64.b64decode(signature.sig, validate=True) for signature in envelope.signatures]
    except binascii.Error as error:
        msg = f"the envelope is not base64: {error}"
        raise PermissionError(msg) from error
    message = pre_authentication_encoding(payload_type, payload)
    return payload, frozenset(
        key.id for key in keys if any(verify(key, message, signature) for signature in signatures)
    )


def open_envelope(
    envelope: Envelope, payload_type: str, keys: Sequence[PublicKey], verify: Verify, *, threshold: int = 1
) -> bytes:
    """Return the payload if at least ``threshold`` different keys signed it; raise PermissionError otherwise."""
    payload, signed = signers_of(envelope, payload_type, keys, verify)
    if threshold < 1 or len(signed) < threshold:
        msg = f"{len(signed)} of the {len(keys)} trusted keys signed this, {max(threshold, 1)} must"
        raise PermissionError(msg)
    return payload


def statement(subjects: Mapping[str, str], predicate_type: str, predicate: Any) -> bytes:
    """Write an in-toto Statement about subjects (name to ``sha256:`` digest) in canonical form."""
    return canonical(
        {
            "_type": STATEMENT,
            "subject": [
                {"name": name, "digest": {"sha256": value.removeprefix("sha256:")}} for name, value in subjects.items()
            ],
            "predicateType": predicate_type,
            "predicate": encode(predicate),
        }
    )


def read_statement(payload: bytes, predicate_type: str) -> tuple[dict[str, str], Any]:
    """Return the subjects and the predicate (JSON values) of a statement; raise ValueError if it is of another type."""
    content = parse(payload)
    if (
        not isinstance(content, dict)
        or content.get("_type") != STATEMENT
        or content.get("predicateType") != predicate_type
    ):
        msg = f"not an in-toto statement of type {predicate_type}"
        raise ValueError(msg)
    try:
        named = [(subject["name"], subject["digest"]["sha256"]) for subject in content["subject"]]
        predicate = content["predicate"]
    except (KeyError, TypeError) as error:
        msg = f"in-toto statement of type {predicate_type} lacks {error}"
        raise ValueError(msg) from error
    if not all(isinstance(part, str) for pair in named for part in pair) or len(dict(named)) != len(named):
        msg = f"in-toto statement of type {predicate_type}: subjects need names of their own and SHA-256 digests"
        raise ValueError(msg)
    return {name: f"sha256:{value}" for name, value in named}, predicate


def envelope_text(envelope: Envelope) -> str:
    """Write an envelope as JSON text."""
    return canonical(encode(envelope)).decode()


def read_envelope(text: str) -> Envelope:
    """Read an envelope from JSON text; raise ValueError if it is not one."""
    return decode(Envelope, parse(text.encode()), "envelope")


def bundle_text(envelope: Envelope) -> str:
    """Wrap an envelope with one signature in a Sigstore bundle v0.3, whose key the verifier already has."""
    content = {
        "mediaType": BUNDLE,
        "verificationMaterial": {"publicKey": {"hint": envelope.signatures[0].keyid}, "tlogEntries": []},
        "dsseEnvelope": encode(envelope),
    }
    return canonical(content).decode()


def read_bundle(text: str) -> Envelope:
    """Return the envelope inside a Sigstore bundle v0.3; raise ValueError if it is not one."""
    content = parse(text.encode())
    if not isinstance(content, dict) or content.get("mediaType") != BUNDLE:
        msg = f"not a Sigstore bundle of type {BUNDLE}"
        raise ValueError(msg)
    return decode(Envelope, content.get("dsseEnvelope"), "bundle.dsseEnvelope")
