"""Timing: how a clause, or a whole regime, stands on a day."""

from __future__ import annotations

from enum import StrEnum

from muster.records.governance.clauses import Clause, Regime
from muster.rules.gate.dates import day


class Timing(StrEnum):
    """How a clause stands on a day."""

    IN_FORCE = "in-force"
    TO_COME = "to-come"
    """Enacted, and its day is known."""
    UNDATED = "undated"
    """Enacted, but from when it applies is not known here."""
    ENDED = "ended"
    VOLUNTARY = "voluntary"
    OWN = "own"
    """A rule of a house's own."""


BINDING = frozenset({Timing.IN_FORCE, Timing.VOLUNTARY, Timing.OWN})
"""How clauses stand that are looked at today; nobody must wait for a voluntary one."""


def timing(item: Clause | Regime, today: str) -> Timing:
    """Tell how a clause or a regime stands on a day (YYYY-MM-DD); its last day is the one before it ends."""
    if item.in_force_until:
        if item.in_force_until <= today:
            return Timing.ENDED
    elif item.status == "rescinded":
        return Timing.ENDED
    if item.in_force_from:
        return Timing.IN_FORCE if item.in_force_from <= today else Timing.TO_COME
    return STATUS.get(item.status, Timing.UNDATED)


STATUS = {
    "in-force": Timing.IN_FORCE,
    "rescinded": Timing.IN_FORCE,
    "enacted": Timing.UNDATED,
    "voluntary": Timing.VOLUNTARY,
    "policy": Timing.OWN,
}
"""Every status that a clause may be said to have, and how it stands where no date says more."""


def in_words(item: Clause | Regime, today: str) -> str:
    """Say how a clause or a regime stands on a day: ``from 2 Dec 2027``."""
    match timing(item, today):
        case Timing.IN_FORCE:
            return f"in force since {day(item.in_force_from)}" if item.in_force_from else "in force"
        case Timing.TO_COME:
            return f"from {day(item.in_force_from)}"
        case Timing.ENDED:
            return f"ended on {day(item.in_force_until)}" if item.in_force_until else "ended"
        case Timing.UNDATED:
            return "enacted; from when is not known here"
        case Timing.VOLUNTARY:
            return "voluntary"
        case Timing.OWN:
            return "own rule"
