"""Signatures in pure Python: ECDSA on P-256 (FIPS 186-5, SEC 1) and Ed25519 (RFC 8032)."""

from __future__ import annotations

import hashlib
import re
from typing import Any

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
SPKI_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
Q, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, Q) % Q
SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")
Point = tuple[int, int]


def _p256_add(a: Point | None, b: Point | None) -> Point | None:
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def _times(add: Any, factor: int, point: Any, zero: Any) -> Any:
    for bit in f"{factor:b}":
        zero = add(zero, zero)
        if bit == "1":
            zero = add(zero, point)
    return zero


def p256(spki: bytes, message: bytes, signature: bytes) -> bool:
    """Verify ECDSA on P-256 over SHA-256, the signature in DER."""
    x, y = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    if not (spki[:27] == SPKI_P256 and len(spki) == 91 and max(x, y) < P and (y * y - x**3 + 3 * x - B) % P == 0):
        return False
    numbers = re.fullmatch(rb"\x30.\x02(.)(.+)", signature, re.DOTALL)
    if not numbers or signature[1] != len(signature) - 2:
        return False
    first, rest = numbers[2][: numbers[1][0]], numbers[2][numbers[1][0] :]
    if rest[:1] != b"\x02" or len(rest) < 3 or rest[1] != len(rest) - 2:
        return False
    r, s = int.from_bytes(first, "big"), int.from_bytes(rest[2:], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    inverse = pow(s, -1, N)
    e = int.from_bytes(hashlib.sha256(message).digest(), "big")
    found = _p256_add(_times(_p256_add, e * inverse % N, G, None), _times(_p256_add, r * inverse % N, (x, y), None))
    return found is not None and found[0] % N == r


def _edwards_add(a: Point, b: Point) -> Point:
    product = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + product, -1, Q)
    return x % Q, (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, Q) % Q


def _edwards_point(raw: bytes) -> Point | None:
    y, odd = int.from_bytes(raw, "little") % 2**255, raw[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, Q) % Q
    x = pow(square, (Q + 3) // 8, Q)
    if (x * x - square) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    if (x * x - square) % Q or y >= Q or (odd and not x):
        return None
    return (Q - x if x & 1 != odd else x), y


def ed25519(spki: bytes, message: bytes, signature: bytes) -> bool:
    """Verify Ed25519."""
    if spki[:12] != SPKI_ED25519 or len(spki) != 44 or len(signature) != 64:
        return False
    key, r, s = _edwards_point(spki[12:]), _edwards_point(signature[:32]), int.from_bytes(signature[32:], "little")
    point = _edwards_point((4 * pow(5, -1, Q) % Q).to_bytes(32, "little"))
    if key is None or r is None or point is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + spki[12:] + message).digest(), "little") % L
    added = _edwards_add(r, _times(_edwards_add, h, key, (0, 1)))
    return bool(_times(_edwards_add, s, point, (0, 1)) == added)
