"""Erase: destroy the key of one person's data and forget who they are; the ledger keeps that it was done."""

from __future__ import annotations

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.seen.holds import kept_by
from muster.ports.vault import Erased
from muster.records.access.erasure import Erasure
from muster.records.people import Role

ACTOR = "actor:"


@action("personal-data erase", roles=(Role.ADMIN,))
def erase(context: Context, data_subject: str, reason: str) -> Erasure:
    """Erase everything that is kept about a person: what is sealed for them, and who they are in life.

    Their pseudonymous id stays in the ledger, and so do digests; ledger and dossiers go on to verify, and show what is
    gone as erased. This cannot be undone; what a legal hold keeps is not erased while it lasts.

    Parameters
    ----------
    data_subject
        Whose data: `actor:ID` for somebody who acts here, or the pseudonymous id that data was sealed for.
    reason
        Why, such as the request and its date; without personal data, for it stays for ever.
    """
    if not data_subject.strip() or not reason.strip():
        msg = "say whose data is to be erased, and why: both are recorded"
        raise ValueError(msg)
    vault = context.house.vault
    _require_free(context, data_subject)
    erasure = Erasure(data_subject, tuple(vault.held(data_subject)), reason, vault.locked_until(data_subject))
    # Recorded before it is done: should this process die in between, the next start ends what was begun.
    context.record(erasure)
    _destroy(context, data_subject)
    return erasure


def _require_free(context: Context, data_subject: str) -> None:
    """Refuse to erase words that a legal hold keeps: they are evidence, whoever wrote them."""
    kept = kept_by(context).sealed
    if held := sorted({kept[name] for name in context.house.vault.held(data_subject) if name in kept}):
        msg = (
            f"legal hold {', '.join(held)} keeps words of {data_subject}: nothing was erased. Ask again once it is "
            "lifted (muster hold list)"
        )
        raise PermissionError(msg)


def finish_erasures(context: Context) -> tuple[str, ...]:
    """End erasures that were recorded and cut off; return whose data it was."""
    begun = [erasure for _, erasure in context.history(Erasure)]
    unfinished = {erasure.data_subject for erasure in begun if any(_readable(context, each) for each in erasure.sealed)}
    for data_subject in sorted(unfinished):
        _destroy(context, data_subject)
    return tuple(sorted(unfinished))


def _destroy(context: Context, data_subject: str) -> None:
    context.house.vault.erase(data_subject)
    if data_subject.startswith(ACTOR):
        context.house.directory.erase(data_subject.removeprefix(ACTOR))


def _readable(context: Context, digest: str) -> bool:
    try:
        context.house.vault.open(digest)
    except (Erased, KeyError):
        return False
    return True
