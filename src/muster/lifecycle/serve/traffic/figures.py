"""Figures of a canary, from the log: its decisions held against those of the champion in the same time."""

from __future__ import annotations

from datetime import datetime
from weakref import WeakKeyDictionary

from muster.lifecycle.desk.context import Context
from muster.lifecycle.serve.traffic.folding import Folding
from muster.ports.ledger import Ledger
from muster.records.evidence import Figure
from muster.records.traffic.canary import CanaryPlan

_FOLDINGS: WeakKeyDictionary[Ledger, dict[tuple[str, str], Folding]] = WeakKeyDictionary()
"""What this process has read of logs, by group and name; for speed alone."""


def figures_of(context: Context, plan: CanaryPlan, since: datetime) -> tuple[Figure, ...]:
    """Return what is known of a canary since a moment; a figure that cannot be computed is left out.

    A process that looks again reads only what came since: of one canary at a time, as far as its step has come.

    Raises
    ------
    Suspicious
        If the log was altered.
    """
    from muster.columns.traffic.beside import held_against

    sides = folding_of(context, plan, since).look(context)
    return tuple(held_against(sides[plan.version], sides[plan.champion], groups=bool(plan.groups)))


def folding_of(context: Context, plan: CanaryPlan, since: datetime) -> Folding:
    """Return what this process has read of the log for a canary's step; that of an earlier step is let go."""
    kept, place = _FOLDINGS.setdefault(context.house.ledger, {}), (plan.group, plan.name)
    asked = Folding(plan.name, (plan.version, plan.champion), since, plan.groups)
    if place not in kept or kept[place].about != asked.about:
        kept[place] = asked
    return kept[place]
