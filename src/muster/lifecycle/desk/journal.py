"""The ledger, as people look into it: show entries, verify all of it, prove that one entry is in it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.context import Context
from muster.records.canonical import digest
from muster.records.entry import Recorded


@dataclass(frozen=True, slots=True)
class Line:
    """One ledger entry for reading."""

    seq: int
    at: str
    actor: str
    kind: str
    subject: str
    digest: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That an entry is in the ledger: anyone can check it with the ledger's public key and RFC 6962."""

    seq: int
    entry: str
    """Base64 of the stored bytes."""
    path: tuple[str, ...]
    """Audit path, hex, leaf to root."""
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a full verification found."""

    entries: int
    checkpoint: str


@view("ledger show")
def show(context: Context, subject: str = "", kind: str = "", last: int = 20) -> tuple[Line, ...]:
    """Show ledger entries, newest last.

    Parameters
    ----------
    subject, kind
        Only entries about this subject, or of this kind.
    last
        How many at most.
    """
    if last < 1:
        msg = f"last is {last}: ask for 1 entry or more"
        raise ValueError(msg)
    context.house.ledger.refresh()
    found = list(context.house.ledger.read(subject=subject or None, kind=kind or None))
    return tuple(_line(recorded) for recorded in found[-last:])


@view("ledger verify")
def verify(context: Context) -> Verified:
    """Read every entry again, hash it, and hold the tree against the signed checkpoints.

    Raises
    ------
    ValueError
        If an entry or a checkpoint was changed, with its place.
    """
    ledger = context.house.ledger
    ledger.refresh()
    entries = ledger.verify()
    return Verified(entries, ledger.checkpoint(entries))


@view("ledger prove")
def prove(context: Context, seq: int) -> InclusionProof:
    """Prove that one entry is in the ledger: its bytes, the audit path and the signed checkpoint."""
    ledger = context.house.ledger
    size = ledger.refresh()
    if not 0 <= seq < size:
        msg = f"no entry {seq}: the ledger holds {size}, numbered from 0"
        raise LookupError(msg)
    recorded = next(ledger.read(start=seq))
    path = tuple(step.hex() for step in ledger.inclusion(seq, size))
    return InclusionProof(seq, base64.b64encode(recorded.raw).decode(), path, ledger.checkpoint(size))


def _line(recorded: Recorded) -> Line:
    entry = recorded.entry
    return Line(
        recorded.seq, entry.at.isoformat(), entry.actor, entry.kind, entry.subject, digest(recorded.raw), entry.body
    )
