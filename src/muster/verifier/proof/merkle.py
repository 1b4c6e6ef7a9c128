"""Merkle proofs (RFC 9162): that an entry is in a ledger, and that a ledger only grew."""

from __future__ import annotations

import hashlib
import re

from muster.verifier.proof.canonical import need


def included(raw: bytes, seq: int, size: int, path: list[str], root: bytes) -> bool:
    """Tell whether an audit path leads from an entry to the root (RFC 9162, section 2.1.3.2)."""
    node, place, last = hashlib.sha256(b"\x00" + raw).digest(), seq, size - 1
    need(all(re.fullmatch("[0-9a-f]{64}", step) for step in path), "an audit path is not of hashes")
    for step in map(bytes.fromhex, path):
        if last == 0:
            return False
        right = place & 1 or place == last
        node = hashlib.sha256(b"\x01" + (step + node if right else node + step)).digest()
        while right and not place & 1 and place:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    return 0 <= seq < size and last == 0 and node == root


def continues(old: tuple[int, bytes], new: tuple[int, bytes], path: list[str]) -> bool:
    """Tell whether a proof leads from a tree (size, root) to one that only grew (RFC 9162, section 2.1.4.2)."""
    need(all(re.fullmatch("[0-9a-f]{64}", step) for step in path), "a consistency proof is not of hashes")
    if not 0 < old[0] < new[0]:
        return old[0] > 0 and old == new and not path
    steps = [old[1]] * (old[0] & (old[0] - 1) == 0) + [bytes.fromhex(step) for step in path]
    place, last = _raised(old[0] - 1, new[0] - 1, 1)
    before = after = steps[0] if steps else b""
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = (hashlib.sha256(b"\x01" + step + node).digest() for node in (before, after))
            place, last = _raised(place, last, 0)
        else:
            after = hashlib.sha256(b"\x01" + after + step).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and (before, after) == (old[1], new[1])


def _raised(place: int, last: int, bit: int) -> tuple[int, int]:
    """Go up the tree while the lowest bit of a place is this one."""
    while place and place & 1 == bit:
        place, last = place >> 1, last >> 1
    return place, last
