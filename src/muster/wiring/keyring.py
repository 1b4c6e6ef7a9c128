"""Keys of people: made on their own machine; what leaves it is the public half."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from muster.adapters.keys import KeyFile
from muster.records.trust import Algorithm, Duty, PublicKey

ALGORITHMS = {Duty.LEDGER: Algorithm.ED25519}
"""Checkpoints are C2SP signed notes, which ask for Ed25519; all else is ECDSA P-256."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A new private key: the file, and the public half to be granted its duty."""

    file: str
    duty: Duty
    actor: str
    id: str
    public: PublicKey


def new_key(path: Path, duty: Duty, actor: str = "", passphrase: bytes | None = None) -> NewKey:
    """Make a key for a duty; raise FileExistsError where a file is already, OSError where none can be written."""
    key = KeyFile.create(path, ALGORITHMS.get(duty, Algorithm.ECDSA_P256), passphrase).key
    return NewKey(str(path), duty, actor, key.id, key)


def read_key(path: Path, duty: Duty, actor: str = "", passphrase: bytes | None = None) -> NewKey:
    """Return what :func:`new_key` returned for a key that was made before; raises what ``KeyFile.load`` raises."""
    key = KeyFile.load(path, passphrase).key
    if key.algorithm is not ALGORITHMS.get(duty, Algorithm.ECDSA_P256):
        msg = f"{path}: a key of algorithm {key.algorithm.value} cannot sign as {duty.value}"
        raise ValueError(msg)
    return NewKey(str(path), duty, actor, key.id, key)
