"""What is signed: DSSE envelopes and in-toto statements, by the keys that a trust root gives for a duty."""

from __future__ import annotations

import hashlib
from typing import Any

from muster.verifier.proof.canonical import b64, need, read
from muster.verifier.proof.curves import SPKI_ED25519, SPKI_P256, p256

MOST = 100  # signatures of one thing
IN_TOTO, STATEMENT = "application/vnd.in-toto+json", "https://in-toto.io/Statement/v1"


def key_id(grant: Any) -> str:
    """Name a key by the SHA-256 of its one usual encoding."""
    spki = b64(grant["key"]["spki"])
    need(spki.startswith((SPKI_P256, SPKI_ED25519)) and len(spki) in (91, 44), "a key is in an unusual encoding")
    return hashlib.sha256(spki).hexdigest()


def opened(envelope: Any, payload_type: str, grants: list[Any], what: str, threshold: int = 1) -> bytes:
    """Return the payload of a DSSE envelope, if so many of these keys signed it."""
    need(envelope["payloadType"] == payload_type, f"{what} is a {envelope['payloadType']!r}")
    payload = b64(envelope["payload"])
    message = b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)
    need(len(envelope["signatures"]) <= MOST, f"{what} carries more signatures than anybody needs")
    marks = [b64(signature["sig"]) for signature in envelope["signatures"]]  # their key ids are only hints
    keys = {key_id(grant): b64(grant["key"]["spki"]) for grant in grants if grant["key"]["algorithm"] == "ecdsa-p256"}
    signed = sum(any(p256(key, message, mark) for mark in marks) for key in keys.values())
    need(signed >= threshold >= 1, f"{what}: {signed} of {len(keys)} trusted keys signed it, {threshold} must")
    return payload


def holders(root: Any, duty: str) -> list[Any]:
    """Return the grants of a duty."""
    return [grant for grant in root["grants"] if grant["duty"] == duty]


def may_sign(root: Any, person: str, role: str, use_case: str) -> list[Any]:
    """Return the keys by which somebody may sign about a use case, in this role; in any, where none is named."""
    own = [grant for grant in holders(root, "approver") if grant["actor"] == person]
    return [g for g in own if (not role or role in g["roles"]) and use_case in g.get("use_cases", [use_case])]


def stated(envelope: Any, predicate_type: str, grants: list[Any], what: str) -> tuple[dict[str, str], Any]:
    """Return subjects and predicate of a signed in-toto Statement."""
    content = read(opened(envelope, IN_TOTO, grants, what))
    need((content["_type"], content["predicateType"]) == (STATEMENT, predicate_type), f"{what} states something else")
    subjects = {subject["name"]: f"sha256:{subject['digest']['sha256']}" for subject in content["subject"]}
    return subjects, content["predicate"]
