"""Since: when each open demand fell out, by asking the gate about the past, back to where it was still settled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime

from muster.records.decision import Reason
from muster.rules.backtest.inventory import Known, known_of
from muster.rules.standing.state import Lapse

FAR = 400
"""Moments that are asked about at most; what was open at all of them is said to be so since the last of these."""


def since(
    found: Iterable[Reason],
    moments: Iterable[datetime],
    open_at: Callable[[datetime], Collection[str]],
    floor: datetime,
    now: datetime,
) -> tuple[Lapse, ...]:
    """Return open demands with the moments since which each has been open without a break, the first first.

    Parameters
    ----------
    found
        What is open now.
    moments
        When answers may have changed: records came, or something expired.
    open_at
        Gives the demands that were open at a moment, by what was known and in force then.
    floor
        Before this, nothing is asked; what was open even then is so since then.
    """
    reasons = tuple(found)
    start = {reason.demand: now for reason in reasons}
    running = set(start)
    for moment in sorted({each for each in moments if floor < each <= now}, reverse=True)[:FAR]:
        running &= set(open_at(moment))
        if not running:
            break
        start.update(dict.fromkeys(running, moment))
    else:
        start.update(dict.fromkeys(running & set(open_at(floor)), floor))
    told = (Lapse(reason.demand, reason.explanation, start[reason.demand]) for reason in reasons)
    return tuple(sorted(told, key=lambda lapse: lapse.since))


def as_of(known: Known, moment: datetime) -> Known:
    """Return what was known at a moment."""
    facts = known.facts
    held = {name: getattr(facts, name) for name in facts.__slots__}
    kept = {
        name: tuple(fact for fact in facts_of if fact.at <= moment)
        for name, facts_of in held.items()
        if facts_of and all(hasattr(fact, "at") for fact in facts_of)
    }
    return known_of(known.question, known.model, replace(facts, **kept))
