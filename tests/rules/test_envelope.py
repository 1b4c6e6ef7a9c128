"""Envelopes, also against the specification and by a reader of our own that shares no code with them."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import key

from muster.adapters.signatures import verify
from muster.records.trust import Envelope
from muster.rules.envelope import (
    BUNDLE,
    IN_TOTO,
    STATEMENT,
    bundle_text,
    envelope_text,
    open_envelope,
    pre_authentication_encoding,
    read_bundle,
    read_envelope,
    read_statement,
    seal,
    signers_of,
    statement,
)

PEN, OTHER = key("pen"), key("other pen")


def sealed(payload: bytes = b"payload", payload_type: str = IN_TOTO) -> Envelope:
    return seal(payload_type, payload, [(PEN.key, PEN.sign)])


def test_the_pre_authentication_encoding_is_that_of_the_specification() -> None:
    # The example of the DSSE protocol, version 1.0.0.
    encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")

    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


@given(st.binary(), st.text(st.characters(codec="utf-8")))
def test_what_was_sealed_is_opened(payload: bytes, payload_type: str) -> None:
    envelope = read_envelope(envelope_text(sealed(payload, payload_type)))

    assert open_envelope(envelope, payload_type, [PEN.key], verify) == payload


def test_no_two_contents_have_one_encoding() -> None:
    assert pre_authentication_encoding("a", b"b 1 c") != pre_authentication_encoding("a 5 b", b"c")


def test_another_type_payload_or_key_is_refused() -> None:
    envelope = sealed()
    changed = replace(envelope, payload=base64.b64encode(b"Payload").decode())

    for wrong, payload_type, keys in (
        (envelope, "text/plain", [PEN.key]),
        (changed, IN_TOTO, [PEN.key]),
        (replace(envelope, payloadType="text/plain"), "text/plain", [PEN.key]),
        (envelope, IN_TOTO, [OTHER.key]),
        (envelope, IN_TOTO, []),
        (replace(envelope, signatures=()), IN_TOTO, [PEN.key]),
        (replace(envelope, payload="*"), IN_TOTO, [PEN.key]),
    ):
        with pytest.raises(PermissionError):
            open_envelope(wrong, payload_type, keys, verify)


def test_a_threshold_counts_keys_not_signatures() -> None:
    once = sealed()
    twice = replace(once, signatures=(*once.signatures, *sealed().signatures))
    both = seal(IN_TOTO, b"payload", [(PEN.key, PEN.sign), (OTHER.key, OTHER.sign)])

    with pytest.raises(PermissionError, match="1 of the 2 trusted keys signed this, 2 must"):
        open_envelope(twice, IN_TOTO, [PEN.key, OTHER.key], verify, threshold=2)
    with pytest.raises(PermissionError):
        open_envelope(twice, IN_TOTO, [PEN.key, PEN.key], verify, threshold=2)
    with pytest.raises(PermissionError):
        open_envelope(once, IN_TOTO, [PEN.key], verify, threshold=0)
    assert open_envelope(both, IN_TOTO, [PEN.key, OTHER.key], verify, threshold=2) == b"payload"


def test_the_key_id_is_only_a_hint() -> None:
    envelope = sealed()
    renamed = replace(envelope, signatures=(replace(envelope.signatures[0], keyid=OTHER.key.id),))

    assert signers_of(renamed, IN_TOTO, [PEN.key, OTHER.key], verify)[1] == {PEN.key.id}


def test_a_statement_is_what_in_toto_says() -> None:
    content = json.loads(statement({"b": "sha256:" + "0" * 64}, "urn:test", {"x": 1}))

    assert content == {
        "_type": STATEMENT,
        "subject": [{"name": "b", "digest": {"sha256": "0" * 64}}],
        "predicateType": "urn:test",
        "predicate": {"x": 1},
    }
    assert read_statement(json.dumps(content).encode(), "urn:test") == ({"b": "sha256:" + "0" * 64}, {"x": 1})


@pytest.mark.parametrize(
    "change",
    [
        {"_type": "https://in-toto.io/Statement/v0.1"},
        {"predicateType": "urn:other"},
        {"subject": 3},
        {"subject": ["x"]},
        {"subject": [{"name": "a"}]},
        {"subject": [{"name": "a", "digest": {"sha512": "0"}}]},
        {"subject": [{"name": ["a"], "digest": {"sha256": "0"}}]},
        {"subject": [{"name": "a", "digest": {"sha256": 0}}]},
        {"subject": [{"name": "a", "digest": {"sha256": "0"}}, {"name": "a", "digest": {"sha256": "1"}}]},
    ],
)
def test_a_statement_that_is_not_one_is_an_error(change: dict[str, object]) -> None:
    content = {**json.loads(statement({"a": "sha256:0"}, "urn:test", None)), **change}

    with pytest.raises(ValueError, match="in-toto"):
        read_statement(json.dumps(content).encode(), "urn:test")


def test_a_statement_without_predicate_is_an_error() -> None:
    content = json.loads(statement({"a": "sha256:0"}, "urn:test", None))
    del content["predicate"]

    with pytest.raises(ValueError, match="predicate"):
        read_statement(json.dumps(content).encode(), "urn:test")


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"mediaType": "x"}', f'{{"mediaType": "{BUNDLE}"}}'])
def test_what_is_no_bundle_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        read_bundle(text)


# By hand, from the specifications alone: DSSE v1.0.0 (protocol.md, envelope.md) and the Sigstore bundle's JSON form.


def independently(text: str, spki: bytes) -> bytes:
    """Verify a bundle with nothing of ours but its bytes; return the payload."""
    bundle = json.loads(text)
    assert bundle["mediaType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    assert set(bundle) == {"mediaType", "verificationMaterial", "dsseEnvelope"}
    assert isinstance(bundle["verificationMaterial"]["publicKey"]["hint"], str)
    assert bundle["verificationMaterial"]["tlogEntries"] == []
    envelope = bundle["dsseEnvelope"]
    (signature,) = envelope["signatures"]
    body, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"]
    message = b" ".join([b"DSSEv1", str(len(kind)).encode(), kind.encode(), str(len(body)).encode(), body])
    public = serialization.load_der_public_key(spki)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(base64.b64decode(signature["sig"]), message, ec.ECDSA(hashes.SHA256()))
    return body


def test_a_bundle_verifies_with_cryptography_alone() -> None:
    payload = statement({"model-version": "sha256:" + "a" * 64}, "urn:test", {"x": [1.5, None]})
    text = bundle_text(sealed(payload))

    body = independently(text, PEN.key.der)

    assert body == payload
    assert json.loads(body)["subject"][0]["digest"] == {"sha256": "a" * 64}
    assert read_bundle(text) == sealed_again(text)
    with pytest.raises(InvalidSignature):
        independently(text, OTHER.key.der)


def sealed_again(text: str) -> Envelope:
    return read_envelope(json.dumps(json.loads(text)["dsseEnvelope"]))


def test_an_envelope_of_very_many_signatures_is_not_tried() -> None:
    tried = []

    def counting(*asked: object) -> bool:
        tried.append(asked)
        return False

    envelope = sealed()
    many = replace(envelope, signatures=envelope.signatures * 101)
    with pytest.raises(PermissionError, match="carries 101 signatures, 100 is the most"):
        open_envelope(many, IN_TOTO, [PEN.key], counting)
    assert not tried
