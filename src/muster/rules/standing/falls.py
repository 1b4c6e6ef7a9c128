"""Falls: what will be open, and from when on, if nothing happens before; the moments at which answers may change."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from muster.records.evidence import Evidence
from muster.records.policy import Control
from muster.rules.backtest.inventory import Known
from muster.rules.backtest.trial import Ask, Terms, answer, open_on
from muster.rules.gate.facts import Fact
from muster.rules.gate.measured import WINDOW
from muster.rules.gate.people.emergency import due_at
from muster.rules.standing.state import Fall

SETTLED_ONCE = frozenset({"use_cases", "versions", "runs", "compilations", "evidence", "releases"})
"""Facts that hold no date by which they expire, or one that is looked at elsewhere."""


def falls(terms: Terms, known: Known, after: datetime) -> tuple[Fall, ...]:
    """Return what is settled at a moment and will be open later, each demand once, the next first.

    Parameters
    ----------
    terms
        The policy and library that ask.
    known
        What is known of the version; nothing is added to it in time.
    """
    found = [*(_of_control(ask, terms, known, after) for ask in terms.asks), *_of_people(terms, known, after)]
    return tuple(sorted((fall for fall in found if fall is not None), key=lambda fall: (fall.at, fall.demand)))


def edges(terms: Terms, known: Known) -> set[datetime]:
    """Return the moments, past and to come, at which time alone may change the gate's answer about a version."""
    asked = {moment for ask in terms.asks for moment in _of_ask(ask, known)}
    return asked | _of_records(terms, known)


def _of_control(ask: Ask, terms: Terms, known: Known, after: datetime) -> Fall | None:
    moments = sorted(moment for moment in _of_ask(ask, known) if moment > after)
    if not moments or open_on(ask, terms, known, after) is not None:
        return None
    for moment in moments:
        if (reason := open_on(ask, terms, known, moment)) is not None:
            return Fall(moment, reason.demand, reason.explanation)
    return None


def _of_people(terms: Terms, known: Known, after: datetime) -> Iterator[Fall]:
    """Yield what falls out beside the controls: sign-offs under condition or by delegation, emergencies, dates."""
    moments = sorted(moment for moment in _of_records(terms, known) if moment > after)
    if not moments:
        return
    bare = dataclasses.replace(terms, asks=())
    known_open = {reason.demand for reason in answer(bare, known, after).open}
    for moment in moments:
        for reason in answer(bare, known, moment).open:
            if reason.demand not in known_open:
                known_open.add(reason.demand)
                yield Fall(moment, reason.demand, reason.explanation)


def _of_ask(ask: Ask, known: Known) -> Iterator[datetime]:
    about = known.measures.get(ask.measure, ())
    yield from (fact.at + ask.life for fact in about)
    yield from (moment for fact in about for moment in _of_attested(ask, fact))
    yield from (fact.record.expires_at for fact in known.facts.waivers if fact.record.control == ask.control.id)
    if ask.requirement.sample_role == WINDOW:
        yield from (fact.at + ask.life for fact in known.facts.releases)
    yield from _of_law(ask.control)


def _of_attested(ask: Ask, fact: Fact[Evidence]) -> Iterator[datetime]:
    """Yield when what people attested is good no more: it says so itself, unless the requirement wants it younger."""
    until, own = fact.record.valid_until, ask.requirement.maximum_age_days
    if until is not None:
        yield until
        if own is not None:
            yield fact.at + timedelta(days=own)


def _of_law(control: Control) -> Iterator[datetime]:
    for day in (control.in_force_from, control.in_force_until):
        if day:
            yield datetime.combine(date.fromisoformat(day), time(), UTC)


def _of_records(terms: Terms, known: Known) -> set[datetime]:
    facts = known.facts
    named = (name for name in facts.__slots__ if name not in SETTLED_ONCE)
    records = (fact.record for name in named for fact in getattr(facts, name) if hasattr(fact, "record"))
    found = {moment for record in records for moment in _moments_in(record)}
    found.update(due_at(fact, terms.policy) for fact in facts.emergencies)
    return found.union(*(_of_law(ask.control) for ask in terms.asks))


def _moments_in(record: Any) -> Iterator[datetime]:
    """Yield the moments that a record names, also in the parts that it is made of."""
    for field in dataclasses.fields(record):
        held = getattr(record, field.name)
        if isinstance(held, datetime):
            yield held
        elif isinstance(held, tuple):
            yield from (moment for part in held if dataclasses.is_dataclass(part) for moment in _moments_in(part))
