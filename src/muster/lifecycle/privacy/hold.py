"""Legal hold: keep what belongs to a version, a use case or data, until somebody lifts the hold and says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_dataset, find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.seen.holds import hold_named, in_force
from muster.records.access.hold import Hold, LiftedHold
from muster.records.people import Role
from muster.records.purpose import UseCase

KEEPERS = (Role.RISK_ANALYST, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold for reading."""

    id: str
    state: str
    """``in force`` or ``lifted``."""
    about: str
    reason: str
    set_by: str
    since: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None
    lifted_because: str = ""


@action("hold set", roles=KEEPERS)
def set_hold(context: Context, reason: str, version: str = "", use_case: str = "", dataset: str = "") -> HoldLine:
    """Keep everything of a version, of a use case with all its versions, or of a dataset, until the hold is lifted.

    While it lasts, retention leaves its data, its sealed words and the log of its deployments where they are, and
    nobody's words about it are erased.

    Parameters
    ----------
    reason
        Which court, authority or investigation asks for it; it stays for ever, so name no person.
    """
    basis = context.basis()
    _require_reason(reason)
    if sum(map(bool, (version, use_case, dataset))) != 1:
        msg = "say what is to be kept: one of --version, --use-case and --dataset"
        raise ValueError(msg)
    if version:
        about = find_version(context, version).subject
    elif use_case:
        about = context.latest(UseCase, f"use-case:{use_case}").subject
    else:
        about = find_dataset(context, dataset).subject
    if twice := [hold.id for _, hold in in_force(context) if hold.about == about]:
        msg = f"hold {twice[0]} keeps it already"
        raise ValueError(msg)
    hold = Hold(f"H-{len(context.history(Hold)) + 1}", about, reason.strip())
    context.record(hold, expect=basis)
    return _line(context, hold.id)


@action("hold lift", roles=KEEPERS)
def lift(context: Context, hold: str, reason: str) -> HoldLine:
    """Lift a hold: what it kept may go again, as its time and its people say.

    Parameters
    ----------
    hold
        Its id, such as H-1.
    reason
        Who said that it is over; it stays for ever, so name no person.
    """
    basis = context.basis()
    _require_reason(reason)
    _, found = hold_named(context, hold)
    if found.id not in {known.id for _, known in in_force(context)}:
        msg = f"hold {found.id} was lifted already"
        raise ValueError(msg)
    context.record(LiftedHold(found.id, found.about, reason.strip()), expect=basis)
    return _line(context, found.id)


@view("hold list")
def listed(context: Context) -> tuple[HoldLine, ...]:
    """List the holds, those in force and those that were lifted."""
    context.house.ledger.refresh()
    return tuple(_line(context, hold.id) for _, hold in context.history(Hold))


def _line(context: Context, identifier: str) -> HoldLine:
    recorded, hold = hold_named(context, identifier)
    entry = recorded.entry
    for lifted, lift_of in context.history(LiftedHold, hold.about):
        if lift_of.hold == hold.id:
            end = lifted.entry
            return HoldLine(
                hold.id, "lifted", hold.about, hold.reason, entry.person, entry.at, end.person, end.at, lift_of.reason
            )
    return HoldLine(hold.id, "in force", hold.about, hold.reason, entry.person, entry.at)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        msg = "say why: it is recorded, and others will ask"
        raise ValueError(msg)
