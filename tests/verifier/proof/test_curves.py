"""The verifier's own arithmetic, against the library."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.scene import key

from muster.verifier.proof.curves import L, N, ed25519, p256

either: list[tuple[str, Callable[[bytes, bytes, bytes], bool]]] = [
    ("pen", p256),
    ("ledger", ed25519),
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


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0), (0, 0), (N, 1), (1, N)])
def test_numbers_out_of_range_are_no_signature(numbers: tuple[int, int]) -> None:
    assert not p256(key("pen").key.der, b"message", encode_dss_signature(*numbers))


def test_the_mirrored_signature_is_one_as_everywhere_but_a_scalar_too_large_is_not() -> None:
    r, s = decode_dss_signature(key("pen").sign(b"m"))
    assert p256(key("pen").key.der, b"m", encode_dss_signature(r, N - s))

    mark = key("ledger").sign(b"m")
    large = int.from_bytes(mark[32:], "little") + L
    assert not ed25519(key("ledger").key.der, b"m", mark[:32] + large.to_bytes(32, "little"))


def test_a_point_off_the_curve_is_no_key() -> None:
    der = bytearray(key("pen").key.der)
    der[-1] ^= 1

    assert not p256(bytes(der), b"m", key("pen").sign(b"m"))
    assert not ed25519(bytes(12 + 32), b"m", bytes(64))
