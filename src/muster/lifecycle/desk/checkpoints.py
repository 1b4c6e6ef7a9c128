"""Checkpoints that others have seen: cosigned by witnesses, kept by anchors beside the house."""

from __future__ import annotations

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.ports.ledger import Witness
from muster.records.access.alert import Alert, Severity
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
        about = "control-plane"
        context.house.notify.notify(Alert("ledger-forked", Severity.CRITICAL, about, words, context.house.clock()))
    except (OSError, ValueError) as error:
        words = f"witness {witness.name} did not cosign: {error}"
    context.progress(words)
    return ""
