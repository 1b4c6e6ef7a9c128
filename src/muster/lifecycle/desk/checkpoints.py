"""Checkpoints that others have seen: cosigned by witnesses, kept by anchors beside the house."""

from __future__ import annotations

from dataclasses import dataclass

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.ports.ledger import Anchor, Witness
from muster.records.access.alert import Alert, Severity
from muster.records.people import Role
from muster.records.trust import Duty
from muster.rules.note import size_of
from muster.rules.witness.cosignature import joined, require_witnessed

DOCUMENT = "checkpoint.txt"
"""Name in the outbox of the newest checkpoint that was put out, with its cosignatures."""


def witnessed(context: Context) -> str:
    """Return the newest checkpoint with the cosignatures of all witnesses that answer.

    Raises
    ------
    PermissionError
        If fewer witnesses have cosigned it than the trust root asks for.
    """
    house = context.house
    root = current_root(context)
    note = house.ledger.checkpoint()
    known = [grant for grant in root.grants if grant.duty is Duty.WITNESS]
    for witness in house.witnesses:
        note = joined(note, _asked(context, witness, note), known, house.verify)
    try:
        require_witnessed(note, root, house.verify)
    except PermissionError as error:
        msg = f"{error}. Gateways would refuse it, so nothing was done: are the witnesses up (setting witnesses)?"
        raise PermissionError(msg) from error
    return note


def _asked(context: Context, witness: Witness, note: str) -> str:
    """Return what a witness answers; where it has seen another history, people must hear of it."""
    ledger, size = context.house.ledger, size_of(note)
    try:
        return witness.cosign(note, lambda old: ledger.consistency(old, size))
    except PermissionError as error:
        words = f"witness {witness.name} refuses the ledger: {error}"
        _tell(context, "ledger-forked", Severity.CRITICAL, words)
    except (OSError, ValueError) as error:
        words = f"witness {witness.name} did not cosign: {error}"
    context.progress(words)
    return ""


@dataclass(frozen=True, slots=True)
class Anchored:
    """What became of a checkpoint at one place."""

    place: str
    entries: int
    cosigned: tuple[str, ...]
    """Names of the witnesses that had seen it."""
    problem: str = ""
    """Why it is not kept there; empty: it is."""


@action("ledger anchor", roles=(Role.OPERATOR, Role.AUDITOR, Role.ADMIN))
def anchor(context: Context) -> tuple[Anchored, ...]:
    """Keep the newest checkpoint, cosigned where there are witnesses, at every place that the setting anchors names.

    Raises
    ------
    ValueError
        If no place is set.
    OSError
        If it could be kept nowhere.
    """
    house = context.house
    if not house.anchors:
        msg = "nowhere to anchor the ledger: name places in the setting anchors, such as file:/mnt/other/anchors.txt"
        raise ValueError(msg)
    house.ledger.refresh()
    note = witnessed(context)
    house.outbox.publish(DOCUMENT, note.encode())
    cosigned = require_witnessed(note, current_root(context), house.verify)
    kept = tuple(_keep(context, place, note, cosigned) for place in house.anchors)
    if all(each.problem for each in kept):
        msg = f"the checkpoint was kept nowhere: {'; '.join(each.problem for each in kept)}"
        raise OSError(msg)
    return kept


def anchor_grown(context: Context, before: int) -> int:
    """Anchor the ledger if it has more entries than ``before``; return how many were anchored."""
    size = context.house.ledger.refresh()
    if size > before:
        for each in anchor(context):
            before = max(before, each.entries)
            if each.problem:
                words = f"checkpoints are no longer kept at {each.place}: {each.problem}"
                _tell(context, "anchor-failed", Severity.WARNING, words)
    return before


def _keep(context: Context, place: Anchor, note: str, cosigned: tuple[str, ...]) -> Anchored:
    try:
        place.keep(note)
    except OSError as error:
        words = " ".join(str(part) for part in (error.filename, error.strerror) if part) or str(error)
        context.progress(f"{place.name}: {words}")
        return Anchored(place.name, size_of(note), cosigned, words)
    return Anchored(place.name, size_of(note), cosigned)


def _tell(context: Context, what: str, severity: Severity, words: str) -> None:
    context.house.notify.notify(Alert(what, severity, "control-plane", words, context.house.clock()))
