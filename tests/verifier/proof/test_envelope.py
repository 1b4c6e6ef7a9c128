from __future__ import annotations

import base64

import pytest
from tests.rules.scene import key

from muster.rules.envelope import IN_TOTO, pre_authentication_encoding
from muster.verifier.proof.envelope import key_id, opened


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
