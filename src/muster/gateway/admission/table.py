"""Table: what this gateway serves at the moment; swapped as a whole, so that a request sees one state of things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from muster.gateway.admission.deadline import Deadline
from muster.gateway.chat.hosted import Hosted
from muster.gateway.http.telling import Line
from muster.gateway.served import Served
from muster.gateway.traffic.split import Split


@dataclass(frozen=True, slots=True)
class Place:
    """A deployment that orders name: served until a deadline, or not, and why.

    ``steps`` tells the operator how far the proof came; callers never see it.
    """

    name: str
    steps: tuple[str, ...]
    refusal: str = ""
    served: Served | Hosted | None = None
    until: Deadline | None = None
    lapsed: str = ""
    """What lapsed, where it serves in the grace of its policy only."""

    def standing(self, now: datetime) -> Served | Hosted | None:
        """Return what serves here now; None once its deadline has passed, or if nothing was admitted."""
        if self.served is None or self.until is None or self.until.passed(now):
            return None
        return self.served


@dataclass(frozen=True, slots=True)
class Followed:
    """Orders in force, for those who watch how old they are."""

    number: int
    issued_at: datetime
    expires_at: datetime
    root_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Table:
    """All deployments of the orders in force."""

    places: Mapping[str, Place] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    """What holds for all of them: trust root and orders."""
    followed: Followed | None = None
    """None while no orders could be followed."""
    refused: int = 0
    """Looks at the outbox, one after another, whose orders could not be followed; 0: the last one could."""
    traffic: Mapping[str, Split] = field(default_factory=dict)
    """How the traffic is shared, of deployments that more than one version is for."""
    arms: tuple[Place, ...] = ()
    """Challengers and shadows; their names are those of arms."""

    def serving(self, now: datetime) -> tuple[str, ...]:
        """Return the names of the deployments that answer now."""
        return tuple(name for name, place in self.places.items() if place.standing(now))


def report(table: Table) -> list[str]:
    """Write for the operator how far the proof of each deployment came."""
    lines = list(table.steps)
    for place in (*table.places.values(), *table.arms):
        level, about = "error" if place.refusal else "info", {"deployment": place.name}
        outcome = f"REFUSED: {place.refusal}" if place.refusal else "admitted"
        lines.append(Line(f"{place.name}: {outcome}", level, "admission", **about))
        lines += [Line(f"  {step}", "info", "admission", **about) for step in place.steps]
    return lines
