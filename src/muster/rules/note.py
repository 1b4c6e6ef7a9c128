"""Signed notes and checkpoints as C2SP defines them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), with Ed25519."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from muster.records.trust import Algorithm, PublicKey
from muster.rules.merkle import WIDTH

Verify = Callable[[PublicKey, bytes, bytes], bool]
"""``verify(key, message, signature)``, as in ``muster.ports.keys``."""

_ED25519: Final = b"\x01"
_NAME: Final = re.compile(r"[^\s+\x00-\x1f]+")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_MOST_SIGNATURES: Final = 100


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its name, the number of entries and the root hash of their tree."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"


def key_hash(name: str, key: PublicKey) -> bytes:
    """Return the four bytes by which a signature line names a key.

    Raises ValueError where the key is not Ed25519, or the name has white space or a plus sign.
    """
    if not _NAME.fullmatch(name):
        msg = f"{name!r} cannot name a key: a name has no white space and no plus sign"
        raise ValueError(msg)
    if key.algorithm is not Algorithm.ED25519:
        msg = f"signed notes are signed with Ed25519, and key {key.id[:12]} is {key.algorithm}: make a key of that kind"
        raise ValueError(msg)
    # An Ed25519 SubjectPublicKeyInfo ends in the 32 bytes of the key (RFC 8410, section 4).
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key.der[-32:]).digest()[:4]


def sign_note(text: str, name: str, key: PublicKey, sign: Callable[[bytes], bytes]) -> str:
    """Sign a text as the key of that name.

    Parameters
    ----------
    text
        Lines of text, the last ended by a newline, without other control characters.
    name
        Name of the key: no white space, no plus sign.
    key, sign
        The public half, and what signs with the private one.

    Raises
    ------
    ValueError
        Where the text or the name cannot stand in a note.
    """
    note = f"{text}\n{signature_line(name, key_hash(name, key) + sign(text.encode()))}"
    if signatures_of(note)[0] != text:
        msg = "a note's text must end in a newline and may hold no other control character"
        raise ValueError(msg)
    return note


def open_note(note: str, name: str, keys: Iterable[PublicKey], verify: Verify) -> str:
    """Return the text of a note that at least one of the keys, under this name, has signed.

    Signatures by other keys are ignored, as the specification asks.

    Raises
    ------
    ValueError
        Where it is not a signed note.
    PermissionError
        Where none of the keys has signed it, or a signature said to be by one of them is not.
    """
    text, signatures = signatures_of(note)
    known = {key_hash(name, key): key for key in keys}
    signed = False
    for signer, blob in signatures:
        key = known.get(blob[:4])
        if signer != name or key is None:
            continue
        if not verify(key, text.encode(), blob[4:]):
            msg = f"the note's signature by {name} (key {key.id[:12]}) is not by that key: the note was changed"
            raise PermissionError(msg)
        signed = True
    if not signed:
        msg = f"no trusted key has signed the note as {name}: it is not from there, or the key was replaced"
        raise PermissionError(msg)
    return text


def sign_checkpoint(checkpoint: Checkpoint, key: PublicKey, sign: Callable[[bytes], bytes]) -> str:
    """Write a checkpoint as a note signed by the log's key, which is named as the log is."""
    return sign_note(checkpoint.text, checkpoint.origin, key, sign)


def open_checkpoint(note: str, origin: str, keys: Iterable[PublicKey], verify: Verify) -> Checkpoint:
    """Return the checkpoint of the log ``origin`` that one of its keys has signed.

    Raises
    ------
    ValueError
        Where it is not a checkpoint.
    PermissionError
        Where it is of another log, or not signed by any of the keys.
    """
    name, *fields = open_note(note, origin, keys, verify).split("\n")[:-1]
    if name != origin:
        msg = f"the checkpoint is of the ledger {name!r}, not of {origin!r}"
        raise PermissionError(msg)
    root = _decode(fields[1]) if len(fields) > 1 else None
    if root is None or len(root) != WIDTH or not _NUMBER.fullmatch(fields[0]) or not all(fields):
        msg = "not a checkpoint: after the ledger's name come the size and the root hash in base64, a line each"
        raise ValueError(msg)
    return Checkpoint(origin, int(fields[0]), root)


def size_of(note: str) -> int:
    """Return the size that a checkpoint tells, verified or not; raise ValueError where it is none."""
    lines = signatures_of(note)[0].split("\n")
    if len(lines) < 4 or not _NUMBER.fullmatch(lines[1]):
        msg = "not a checkpoint: after the ledger's name come the size and the root hash in base64, a line each"
        raise ValueError(msg)
    return int(lines[1])


def signature_line(name: str, blob: bytes) -> str:
    """Write one signature of a note: the name of the key, and its hash with the signature."""
    return f"\u2014 {name} {_encode(blob)}\n"


def signatures_of(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Split a note into its text and its signatures, none of which is verified: key name, and hash with signature.

    Raises ValueError where it is no note.
    """
    body, found, block = note.rpartition("\n\n")
    text = body + "\n"
    lines = block.split("\n")
    signatures = [_signature(line) for line in lines[:-1]]
    if not found or lines[-1] or not 0 < len(signatures) <= _MOST_SIGNATURES:
        msg = "not a signed note: a text, an empty line and signature lines are needed, the last ended by a newline"
        raise ValueError(msg)
    if _CONTROL.search(note):
        msg = "not a signed note: it holds a control character"
        raise ValueError(msg)
    return text, signatures


def _signature(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, written = rest.partition(" ")
    blob = _decode(written)
    if dash != "\u2014" or not _NAME.fullmatch(name) or blob is None or len(blob) < 5:
        msg = f"not a signed note: {line[:80]!r} is no signature line"
        raise ValueError(msg)
    return name, blob


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes | None:
    """Read base64 in its one canonical form, or give None."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if _encode(raw) == text else None
