from __future__ import annotations

import base64
import json

import pytest
from tests.rules.scene import key

from muster.rules.envelope import IN_TOTO, pre_authentication_encoding
from muster.verifier.proof.envelope import STATEMENT, holders, key_id, may_sign, opened, stated


def test_a_key_in_another_encoding_is_not_the_same_key_under_another_name() -> None:
    spki = base64.b64decode(key("root").key.spki)
    for odd in (spki + b"\0", spki[1:], b"\x30\x81" + spki[1:]):
        with pytest.raises(ValueError, match="unusual encoding"):
            key_id({"key": {"spki": base64.b64encode(odd).decode()}})


def test_an_envelope_is_of_the_type_that_it_says() -> None:
    message = pre_authentication_encoding(IN_TOTO, b"{}")
    envelope = {
        "payloadType": "text/plain",
        "payload": base64.b64encode(b"{}").decode(),
        "signatures": [{"keyid": "", "sig": base64.b64encode(key("root").sign(message)).decode()}],
    }
    grants = [{"key": {"spki": key("root").key.spki, "algorithm": "ecdsa-p256"}}]
    assert opened({**envelope, "payloadType": IN_TOTO}, IN_TOTO, grants, "it") == b"{}"
    with pytest.raises(ValueError, match="it is a 'text/plain'"):
        opened(envelope, IN_TOTO, grants, "it")


def signed_by(*names: str) -> dict[str, object]:
    message = pre_authentication_encoding(IN_TOTO, b"{}")
    marks = [{"keyid": "", "sig": base64.b64encode(key(name).sign(message)).decode()} for name in names]
    return {"payloadType": IN_TOTO, "payload": base64.b64encode(b"{}").decode(), "signatures": marks}


def given(*names: str, algorithm: str = "ecdsa-p256") -> list[dict[str, dict[str, str]]]:
    return [{"key": {"spki": key(name).key.spki, "algorithm": algorithm}} for name in names]


def test_so_many_different_keys_must_have_signed_it() -> None:
    both = signed_by("root", "other")
    assert opened(both, IN_TOTO, given("root", "other"), "it", 2) == b"{}"
    for envelope, grants, threshold, found in (
        (both, given("root"), 2, "1 of 1"),
        (both, given("root", "root"), 2, "1 of 1"),
        (signed_by("root", "root"), given("root", "other"), 2, "1 of 2"),
        (signed_by("other"), given("root"), 1, "0 of 1"),
        (both, given("root", "other"), 0, "2 of 2"),
        (both, given("root", algorithm="ed25519"), 1, "0 of 0"),
        (signed_by(), given("root"), 1, "0 of 1"),
    ):
        with pytest.raises(ValueError, match=f"it: {found} trusted keys signed it, {threshold} must"):
            opened(envelope, IN_TOTO, grants, "it", threshold)


def test_it_carries_a_hundred_signatures_at_most() -> None:
    assert opened(signed_by(*["root"] * 100), IN_TOTO, given("root"), "it") == b"{}"
    with pytest.raises(ValueError, match="more signatures than anybody needs"):
        opened(signed_by(*["root"] * 101), IN_TOTO, given("root"), "it")


def test_a_key_of_the_right_length_on_another_curve_is_none() -> None:
    spki = bytearray(base64.b64decode(key("root").key.spki))
    spki[20] ^= 1  # in the name of the curve
    with pytest.raises(ValueError, match="unusual encoding"):
        key_id({"key": {"spki": base64.b64encode(bytes(spki)).decode()}})


def test_keys_sign_for_their_person_in_their_roles_and_use_cases() -> None:
    own = {"duty": "approver", "actor": "ann", "roles": ["a", "b"], "use_cases": ["loans"]}
    all_ = {"duty": "approver", "actor": "ann", "roles": ["a"]}
    root = {"grants": [own, all_, {**own, "actor": "vic"}, {**own, "duty": "release"}]}
    assert may_sign(root, "ann", "a", "loans") == [own, all_]
    assert may_sign(root, "ann", "", "loans") == [own, all_]
    assert may_sign(root, "ann", "b", "loans") == [own]
    assert may_sign(root, "ann", "a", "cards") == [all_]
    assert may_sign(root, "ann", "c", "loans") == []
    assert holders(root, "release") == [{**own, "duty": "release"}]


@pytest.mark.parametrize(("said", "holds"), [({}, True), ({"_type": "x"}, False), ({"predicateType": "x"}, False)])
def test_a_statement_is_of_its_type(said: dict[str, str], holds: bool) -> None:
    subject = [{"name": "n", "digest": {"sha256": "0"}}]
    content = {"_type": STATEMENT, "predicateType": "p", "subject": subject, "predicate": {"a": 1}, **said}
    raw = json.dumps(content).encode()
    mark = key("root").sign(pre_authentication_encoding(IN_TOTO, raw))
    envelope = {**signed_by(), "payload": base64.b64encode(raw).decode()}
    envelope["signatures"] = [{"sig": base64.b64encode(mark).decode()}]
    if holds:
        assert stated(envelope, "p", given("root"), "it") == ({"n": "sha256:0"}, {"a": 1})
    else:
        with pytest.raises(ValueError, match="it states something else"):
            stated(envelope, "p", given("root"), "it")
