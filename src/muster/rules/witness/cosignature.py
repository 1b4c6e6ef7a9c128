"""Cosignatures of checkpoints by witnesses, as C2SP defines them (c2sp.org/tlog-cosignature), the kind with Ed25519.

A witness says by it that the ledger had grown consistently up to this checkpoint, at this time, as far as it ever saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from muster.records.trust import Algorithm, Duty, KeyGrant, PublicKey, TrustRoot
from muster.rules.note import Verify, signature_line, signatures_of

_COSIGNATURE: Final = b"\x04"
MOST_LINES: Final = 32
"""Signature lines of one answer that are looked at."""

_TIME: Final = 8
"""Bytes of the time in a cosignature, big-endian."""


def cosign(text: str, name: str, key: PublicKey, sign: Callable[[bytes], bytes], at: datetime) -> str:
    """Return the signature line by which the witness ``name`` cosigns a checkpoint's text at a moment."""
    seconds = int(at.timestamp())
    made = sign(_message(text, seconds))
    return signature_line(name, _key_hash(name, key) + seconds.to_bytes(_TIME, "big") + made)


def cosigned_by(note: str, witnesses: Iterable[KeyGrant], verify: Verify) -> dict[str, datetime]:
    """Return which witnesses have cosigned a note, by the id of their key, and when.

    Lines by others, and lines that do not hold, are not counted.
    """
    text, signatures = signatures_of(note)
    known = {(grant.name, _key_hash(grant.name, grant.key)): grant.key for grant in witnesses if _able(grant)}
    found: dict[str, datetime] = {}
    for name, blob in signatures:
        key = known.get((name, blob[:4]))
        seconds = int.from_bytes(blob[4 : 4 + _TIME], "big")
        if key is None or seconds >= 2**33 or not verify(key, _message(text, seconds), blob[4 + _TIME :]):
            continue
        found[key.id] = datetime.fromtimestamp(seconds, UTC)
    return found


def joined(note: str, lines: str, witnesses: Sequence[KeyGrant], verify: Verify) -> str:
    """Return the note with those of the signature lines that known witnesses made for it, each witness key once."""
    text = signatures_of(note)[0]
    had = cosigned_by(note, witnesses, verify)
    for line in lines.splitlines()[:MOST_LINES]:
        with suppress(ValueError):
            fresh = cosigned_by(f"{text}\n{line}\n", witnesses, verify).keys() - had.keys()
            if fresh:
                note += f"{line}\n"
                had |= dict.fromkeys(fresh, datetime.min.replace(tzinfo=UTC))
    return note


def require_witnessed(note: str, root: TrustRoot, verify: Verify) -> tuple[str, ...]:
    """Return the names of the witnesses that cosigned a checkpoint; raise PermissionError if too few did.

    Two keys of one witness count once.
    """
    witnesses = [grant for grant in root.grants if grant.duty is Duty.WITNESS]
    seen = cosigned_by(note, witnesses, verify) if witnesses else {}
    names = tuple(sorted({grant.name for grant in witnesses if grant.key.id in seen}))
    if len(names) < root.witnesses_needed:
        by = f" ({', '.join(names)})" if names else ""
        msg = (
            f"the checkpoint of the ledger is cosigned by {len(names)} of the trust root's witnesses{by}, and "
            f"{root.witnesses_needed} must have seen it: it may be one that was shown to nobody else"
        )
        raise PermissionError(msg)
    return names


def _able(grant: KeyGrant) -> bool:
    return grant.key.algorithm is Algorithm.ED25519 and bool(grant.name)


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _key_hash(name: str, key: PublicKey) -> bytes:
    # An Ed25519 SubjectPublicKeyInfo ends in the 32 bytes of the key (RFC 8410, section 4).
    return hashlib.sha256(name.encode() + b"\n" + _COSIGNATURE + key.der[-32:]).digest()[:4]
