from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.rules.scene import NOW, ROOT, TICK, grant, key

from muster.adapters.signatures import verify
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.people import Role
from muster.records.trust import Duty, KeyGrant, PublicKey, TrustRoot
from muster.rules.envelope import envelope_text, seal
from muster.rules.trust import ROOT_TYPE, check_root, fingerprint, follow_root, sign_root

REST = tuple(each for each in ROOT.grants if each.duty is not Duty.ROOT)


def root(version: int, *holders: str, threshold: int = 1) -> TrustRoot:
    keys = tuple(grant(Duty.ROOT, name) for name in holders)
    return replace(ROOT, version=version, grants=(*keys, *REST), threshold=threshold)


def signed(document: TrustRoot, *by: str) -> str:
    return sign_root(document, [(grant(Duty.ROOT, name), key(name).sign) for name in by])


def follow(first: TrustRoot, documents: Sequence[str], now: object = NOW) -> TrustRoot:
    return follow_root(fingerprint(first), documents, verify, now)  # type: ignore[arg-type]


ONE = root(1, "r1")
TWO_OF_THREE = root(1, "r1", "r2", "r3", threshold=2)


def test_one_document_is_followed_from_its_fingerprint() -> None:
    assert follow(ONE, [signed(ONE, "r1")]) == ONE


def test_keys_are_handed_on_from_version_to_version() -> None:
    two, three = root(2, "r2"), root(3, "r2", "r3", threshold=2)

    assert follow(ONE, [signed(ONE, "r1"), signed(two, "r1", "r2"), signed(three, "r2", "r3")]) == three


@pytest.mark.parametrize(
    ("documents", "why"),
    [
        ([], "no trust-root document"),
        ([signed(root(1, "r2"), "r2")], "wrong or forged root"),
        ([signed(ONE, "r2")], "0 of the 1"),
        ([signed(ONE, "r1"), signed(root(3, "r1"), "r1")], "version 3 cannot follow version 1"),
        ([signed(ONE, "r1"), signed(ONE, "r1")], "version 1 cannot follow version 1"),
        ([signed(ONE, "r1"), signed(root(2, "r2"), "r2")], "0 of the 1"),
        ([signed(ONE, "r1"), signed(root(2, "r2"), "r1")], "0 of the 1"),
        (["{}"], "document 1 of 1 cannot be read"),
        (["nonsense"], "document 1 of 1 cannot be read"),
        ([signed(ONE, "r1"), '{"payload":"*","payloadType":"","signatures":[]}'], "document 2 of 2 cannot be read"),
    ],
)
def test_a_chain_with_a_broken_link_is_refused(documents: list[str], why: str) -> None:
    with pytest.raises(PermissionError, match=why):
        follow(ONE, documents)


def test_the_fingerprint_holds_the_threshold_too() -> None:
    weaker = replace(TWO_OF_THREE, threshold=1)

    with pytest.raises(PermissionError, match="wrong or forged"):
        follow(TWO_OF_THREE, [signed(weaker, "r1")])


@pytest.mark.parametrize("by", [("r1",), ("r1", "r1"), ("r1", "stranger"), ()])
def test_two_of_three_means_two_different_holders(by: tuple[str, ...]) -> None:
    with pytest.raises(PermissionError, match="of the 3 trusted keys signed this, 2 must"):
        follow(TWO_OF_THREE, [signed(TWO_OF_THREE, *by)])


@pytest.mark.parametrize("by", [("r1", "r2"), ("r3", "r1"), ("r1", "r2", "r3")])
def test_any_two_of_three_are_enough(by: tuple[str, ...]) -> None:
    assert follow(TWO_OF_THREE, [signed(TWO_OF_THREE, *by)]) == TWO_OF_THREE


def test_the_next_version_needs_the_threshold_of_the_one_before() -> None:
    easier = root(2, "r1")
    first = signed(TWO_OF_THREE, "r1", "r2")

    with pytest.raises(PermissionError, match="2 must"):
        follow(TWO_OF_THREE, [first, signed(easier, "r1")])
    assert follow(TWO_OF_THREE, [first, signed(easier, "r1", "r2")]) == easier


def test_only_the_last_document_must_not_have_expired_to_the_microsecond() -> None:
    old = replace(ONE, expires_at=NOW - timedelta(days=1))
    documents = [signed(old, "r1"), signed(root(2, "r1"), "r1")]
    end = ROOT.expires_at

    assert follow(old, documents, end - TICK).version == 2
    for chain, now in ((documents, end), (documents[:1], NOW)):
        with pytest.raises(PermissionError, match="expired"):
            follow(old, chain, now)


def test_a_document_of_another_type_is_refused() -> None:
    text = envelope_text(seal("text/plain", canonical(encode(ONE)), [(key("r1").key, key("r1").sign)]))

    assert ROOT_TYPE in follow_error(text)


def follow_error(text: str) -> str:
    with pytest.raises(PermissionError) as raised:
        follow(ONE, [text])
    return str(raised.value)


def pressed(public: PublicKey) -> PublicKey:
    """Return the same key with its point compressed: other bytes, other id."""
    loaded = serialization.load_der_public_key(public.der)
    assert isinstance(loaded, ec.EllipticCurvePublicKey)
    point = loaded.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    head = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
    return replace(public, spki=base64.b64encode(head + point).decode())


def doubled(text: str) -> KeyGrant:
    first = grant(Duty.ROOT, "r1")
    return replace(first, key=pressed(first.key)) if text == "compressed" else first


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(ONE, grants=(*ONE.grants, grant(Duty.ORDERS, "release"))), "holds more than one duty"),
        (replace(ONE, grants=(*ONE.grants, doubled("same"))), "holds more than one duty"),
        (replace(ONE, grants=(*ONE.grants, doubled("compressed")), threshold=2), "usual encoding"),
        (replace(ONE, grants=(*ONE.grants, grant(Duty.APPROVER, "ann"))), "more than one duty"),
        (replace(ONE, grants=ONE.grants[1:]), "no key holds the duty root"),
        (
            replace(ONE, grants=tuple(g for g in ONE.grants if g.duty is not Duty.LEDGER)),
            "no key holds the duty ledger",
        ),
        (replace(ONE, threshold=0), "threshold 0 of 1"),
        (replace(ONE, threshold=2), "threshold 2 of 1"),
        (replace(ONE, grants=(*ONE.grants, grant(Duty.APPROVER, "new"))), "names no actor"),
        (
            replace(ONE, grants=(*ONE.grants, replace(grant(Duty.APPROVER, "new", Role.OWNER), actor="local:bob"))),
            "or a local one",
        ),
    ],
)
def test_a_document_that_makes_no_sense_is_neither_signed_nor_followed(wrong: TrustRoot, why: str) -> None:
    text = envelope_text(seal(ROOT_TYPE, canonical(encode(wrong)), [(key("r1").key, key("r1").sign)]))

    with pytest.raises(ValueError, match=why):
        check_root(wrong)
    with pytest.raises(ValueError, match=why):
        sign_root(wrong, [(grant(Duty.ROOT, "r1"), key("r1").sign)])
    with pytest.raises(PermissionError, match=why):
        follow_root(fingerprint(wrong), [text], verify, NOW)


def test_a_compressed_key_does_verify_which_is_why_its_encoding_is_refused() -> None:
    assert verify(pressed(key("r1").key), b"m", key("r1").sign(b"m"))
    assert pressed(key("r1").key).id != key("r1").key.id


@pytest.mark.parametrize("alike", ["\u0430na", "\uff41na", "ana\u200b", "ana ", "a\u0301na", "ana\n"])
def test_an_approver_whose_id_looks_like_another_s_is_refused(alike: str) -> None:
    granted = KeyGrant(Duty.APPROVER, key("twin").key, alike, (Role.RISK_ANALYST.value,))
    with pytest.raises(ValueError, match="cannot be an actor's id"):
        check_root(replace(ONE, grants=(*ONE.grants, granted)))
