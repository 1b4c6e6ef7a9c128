"""The ledger, as people look into it: show entries, verify all of it, prove that one entry is in it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.context import Context
from muster.records.access.alert import Alert, Severity
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
class ConsistencyProof:
    """That the ledger only grew since it had ``old`` entries: anyone who kept that checkpoint can check it."""

    old: int
    size: int
    path: tuple[str, ...]
    """RFC 6962 consistency proof, hex."""
    checkpoint: str
    """Of ``size`` entries."""


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert for reading."""

    at: str
    what: str
    severity: Severity
    about: str
    words: str


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


@view("ledger consistency")
def consistency(context: Context, old: int) -> ConsistencyProof:
    """Prove that the ledger of today continues the one of ``old`` entries; whoever kept that checkpoint checks it.

    Parameters
    ----------
    old
        Number of entries that the ledger had, as the second line of a checkpoint says.
    """
    ledger = context.house.ledger
    size = ledger.refresh()
    if not 0 <= old <= size:
        msg = f"the ledger holds {size} entries, no proof begins at {old}: if it ever had as many, its end was cut off"
        raise LookupError(msg)
    path = tuple(step.hex() for step in ledger.consistency(old, size))
    return ConsistencyProof(old, size, path, ledger.checkpoint(size))


@view("alert list")
def alerts(context: Context, what: str = "", last: int = 20) -> tuple[AlertLine, ...]:
    """List the alerts that this control plane raised, newest last. Gateways tell theirs by file and webhook only.

    Parameters
    ----------
    what
        Only alerts of this name, such as ``ledger-forked``.
    last
        How many at most.
    """
    if last < 1:
        msg = f"last is {last}: ask for 1 alert or more"
        raise ValueError(msg)
    context.house.ledger.refresh()
    found = [record for _, record in context.history(Alert) if what in ("", record.what)]
    return tuple(AlertLine(a.at.isoformat(), a.what, a.severity, a.about, a.words) for a in found[-last:])


def _line(recorded: Recorded) -> Line:
    entry = recorded.entry
    return Line(
        recorded.seq, entry.at.isoformat(), entry.actor, entry.kind, entry.subject, digest(recorded.raw), entry.body
    )
