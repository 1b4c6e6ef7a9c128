"""The verifier's own arithmetic, against the library and the ledger's."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assets.verifier import VERIFIER
from tests.rules.scene import key

from muster.records.canonical import canonical
from muster.rules.envelope import IN_TOTO, pre_authentication_encoding
from muster.rules.merkle import Tree, leaf_hash

either: list[tuple[str, Callable[[bytes, bytes, bytes], bool]]] = [
    ("pen", VERIFIER.p256),
    ("ledger", VERIFIER.ed25519),
]


@pytest.mark.parametrize(("name", "check"), either)
def test_signatures_agree_with_the_library(name: str, check: Callable[[bytes, bytes, bytes], bool]) -> None:
    pen, other = key(name), key(f"{name} two")
    for length in (0, 1, 200):
        message = bytes(length)
        mark = pen.sign(message)
        assert check(pen.key.der, message, mark)
        assert not check(pen.key.der, message + b"\0", mark)
        assert not check(other.key.der, message, mark)
        assert not check(pen.key.der, message, mark[:-1])
        assert not check(pen.key.der, message, b"")
        assert not check(pen.key.der[:-1], message, mark)


@given(st.integers(0, 71), st.integers(0, 7))
@settings(max_examples=25, deadline=None)
def test_a_flipped_bit_of_a_signature_is_refused(place: int, bit: int) -> None:
    for name, check in either:
        mark = bytearray(key(name).sign(b"message"))
        mark[place % len(mark)] ^= 1 << bit
        assert not check(key(name).key.der, b"message", bytes(mark))


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0), (0, 0), (VERIFIER.N, 1), (1, VERIFIER.N)])
def test_numbers_out_of_range_are_no_signature(numbers: tuple[int, int]) -> None:
    assert not VERIFIER.p256(key("pen").key.der, b"message", encode_dss_signature(*numbers))


def test_the_mirrored_signature_is_one_as_everywhere_but_a_scalar_too_large_is_not() -> None:
    r, s = decode_dss_signature(key("pen").sign(b"m"))
    assert VERIFIER.p256(key("pen").key.der, b"m", encode_dss_signature(r, VERIFIER.N - s))

    mark = key("ledger").sign(b"m")
    large = int.from_bytes(mark[32:], "little") + VERIFIER.L
    assert not VERIFIER.ed25519(key("ledger").key.der, b"m", mark[:32] + large.to_bytes(32, "little"))


def test_a_point_off_the_curve_is_no_key() -> None:
    der = bytearray(key("pen").key.der)
    der[-1] ^= 1

    assert not VERIFIER.p256(bytes(der), b"m", key("pen").sign(b"m"))
    assert not VERIFIER.ed25519(bytes(12 + 32), b"m", bytes(64))


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53))
def test_numbers_are_written_as_the_ledger_writes_them(value: float) -> None:
    assert VERIFIER.canonical(value) == canonical(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


@given(json_values)
def test_json_is_written_as_the_ledger_writes_it(value: object) -> None:
    assert VERIFIER.canonical(value) == canonical(value)
    assert VERIFIER.parse(canonical(value)) == value


@pytest.mark.parametrize(
    "raw", [b'{"a":1, "b":2}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b"1.0", b"NaN", b"1e1", b'"\\u0041"']
)
def test_json_in_another_form_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="JSON"):
        VERIFIER.parse(raw)


@given(st.integers(1, 40), st.integers(0), st.integers(0, 7))
def test_audit_paths_agree_with_the_ledger(size: int, seq: int, bit: int) -> None:
    seq %= size
    raws = [b"entry %d" % place for place in range(size)]
    tree = Tree()
    tree.extend(map(leaf_hash, raws))
    path = [step.hex() for step in tree.inclusion(seq, size)]

    assert VERIFIER.included(raws[seq], seq, size, path, tree.root())
    assert not VERIFIER.included(raws[seq] + b"x", seq, size, path, tree.root())
    assert not VERIFIER.included(raws[seq], seq + size, size, path, tree.root())
    assert not VERIFIER.included(raws[seq], seq, size, [*path, "00" * 32], tree.root())
    for place in range(len(path)):
        step = bytearray(bytes.fromhex(path[place]))
        step[0] ^= 1 << bit
        assert not VERIFIER.included(raws[seq], seq, size, [*path[:place], step.hex(), *path[place + 1 :]], tree.root())


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 7))
def test_consistency_proofs_agree_with_the_ledger(old: int, new: int, bit: int) -> None:
    old, new = sorted((old, new))
    tree = Tree()
    tree.extend(leaf_hash(b"entry %d" % place) for place in range(new))
    path = [step.hex() for step in tree.consistency(old, new)]
    before, after = (old, tree.root(old)), (new, tree.root(new))

    assert VERIFIER.continues(before, after, path)
    assert not VERIFIER.continues(before, after, [*path, "00" * 32])
    assert not VERIFIER.continues((old, leaf_hash(b"other")), after, path)
    assert not VERIFIER.continues(before, (new, leaf_hash(b"other")), path)
    assert old == new or not VERIFIER.continues(after, before, path)
    for place in range(len(path)):
        step = bytearray(bytes.fromhex(path[place]))
        step[0] ^= 1 << bit
        assert not VERIFIER.continues(before, after, [*path[:place], step.hex(), *path[place + 1 :]])


def test_base64_has_one_form() -> None:
    assert VERIFIER.b64(base64.b64encode(b"a").decode()) == b"a"
    with pytest.raises(ValueError, match="canonical"):
        VERIFIER.b64("YR==")


@pytest.mark.parametrize("raw", [b'{"a":1,"a":2}', b'[{"b":{"a":1,"a":1}}]'])
def test_what_was_signed_repeats_no_key_in_whatever_form_it_is(raw: bytes) -> None:
    with pytest.raises(ValueError, match="repeats a key"):
        VERIFIER.read(raw)


def test_a_key_in_another_encoding_is_not_the_same_key_under_another_name() -> None:
    spki = base64.b64decode(key("root").key.spki)
    for odd in (spki + b"\0", spki[1:], b"\x30\x81" + spki[1:]):
        with pytest.raises(ValueError, match="unusual encoding"):
            VERIFIER.key_id({"key": {"spki": base64.b64encode(odd).decode()}})


def test_an_envelope_is_of_the_type_that_it_says() -> None:
    message = pre_authentication_encoding(IN_TOTO, b"{}")
    envelope = {
        "payloadType": "text/plain",
        "payload": base64.b64encode(b"{}").decode(),
        "signatures": [{"keyid": "", "sig": base64.b64encode(key("root").sign(message)).decode()}],
    }
    grants = [{"key": {"spki": key("root").key.spki, "algorithm": "ecdsa-p256"}}]
    assert VERIFIER.opened({**envelope, "payloadType": IN_TOTO}, IN_TOTO, grants, "it") == b"{}"
    with pytest.raises(ValueError, match="it is a 'text/plain'"):
        VERIFIER.opened(envelope, IN_TOTO, grants, "it")
