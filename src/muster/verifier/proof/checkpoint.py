"""Checkpoints of a ledger (C2SP signed-note, tlog-checkpoint), and the witnesses who have cosigned one."""

from __future__ import annotations

import hashlib
from typing import Any

from muster.verifier.proof.canonical import b64, need
from muster.verifier.proof.curves import ed25519
from muster.verifier.proof.envelope import MOST, holders


def checkpoint(note: str, root: Any, what: str) -> tuple[int, bytes]:
    """Return size and root hash of a checkpoint that a ledger key signed."""
    text, _, lines = note.rpartition("\n\n")
    origin, size, tree, *_ = text.split("\n")
    need(lines.count("\n") <= MOST, f"{what} carries more signatures than anybody needs")
    need(origin == root["origin"], f"{what} is of the ledger {origin!r}, not {root['origin']!r}")
    for grant in holders(root, "ledger"):
        spki = b64(grant["key"]["spki"])
        name = hashlib.sha256(f"{origin}\n\x01".encode() + spki[-32:]).digest()[:4]
        for line in lines.splitlines():
            start, _, mark64 = line.rpartition(" ")
            mark = b64(mark64)
            if start == f"\u2014 {origin}" and mark[:4] == name and ed25519(spki, f"{text}\n".encode(), mark[4:]):
                return int(size), b64(tree)
    msg = f"{what} is not signed by a key of the ledger"
    raise ValueError(msg)


def cosigners(note: str, root: Any) -> set[str]:
    """Return the names of the witnesses that have cosigned a checkpoint."""
    text, _, lines = note.rpartition("\n\n")
    names = set()
    for grant in holders(root, "witness"):
        spki, name = b64(grant["key"]["spki"]), grant.get("name", "")
        short = hashlib.sha256(name.encode() + b"\n\x04" + spki[-32:]).digest()[:4]
        for line in lines.splitlines():
            start, _, mark64 = line.rpartition(" ")
            mark = b64(mark64)
            message = f"cosignature/v1\ntime {int.from_bytes(mark[4:12], 'big')}\n{text}\n".encode()
            if name and start == f"\u2014 {name}" and mark[:4] == short and ed25519(spki, message, mark[12:]):
                names.add(name)
    return names
