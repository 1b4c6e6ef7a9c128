"""Upcoming: what laws will ask from a day on that they do not ask today, of which use cases and versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from muster.records.governance.clauses import Clause
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.rules.coverage.house.known import Known
from muster.rules.coverage.means import concerns, regime_of
from muster.rules.coverage.report import Subject, line_of
from muster.rules.coverage.timing import Timing, timing

THERE = frozenset({"met", "waived", "shown"})
"""How that came out which need not be waited for."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a version has already what will be asked of it."""

    model: str
    version: str
    covered: str
    there: tuple[str, ...]
    """Controls and facts that are."""
    open: tuple[str, ...]
    """Controls and facts that are not there yet."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A clause that will bind a use case from a day on, or no longer."""

    on: str
    change: str
    """``begins`` or ``ends``."""
    regime: str
    clause: str
    summary: str
    use_case: str
    why: str
    controls: tuple[str, ...]
    """That measure it."""
    demanded: tuple[str, ...]
    """Of them, those that policies here demand already."""
    versions: tuple[Stand, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A use case with the policies that are for it, and its versions that matter."""

    use_case: UseCase
    policies: tuple[Policy, ...]
    versions: tuple[Known, ...]


def upcoming(library: Library, held: Sequence[Held], today: str, until: str, now: datetime) -> tuple[Coming, ...]:
    """Return what changes after today, up to and with the day ``until`` (both YYYY-MM-DD), the earliest first."""
    regimes = {each.id: each for each in library.regimes}
    found = [
        coming
        for clause in library.clauses
        for on, change in changes(clause, today, until)
        for each in held
        for concerned, why in [concerns(clause, regimes, each.use_case)]
        if concerned
        for coming in [_coming(library, clause, each, (on, change, why), now)]
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.use_case)))


def changes(clause: Clause, today: str, until: str) -> Iterator[tuple[str, str]]:
    """Yield the days in a span on which a clause begins, or ends, to bind."""
    if today < clause.in_force_from <= until and timing(clause, clause.in_force_from) is Timing.IN_FORCE:
        yield clause.in_force_from, "begins"
    if today < clause.in_force_until <= until:
        yield clause.in_force_until, "ends"


def _coming(library: Library, clause: Clause, held: Held, said: tuple[str, str, str], now: datetime) -> Coming:
    on, change, why = said
    policies = held.policies
    asked = line_of(library, clause, policies, Subject(held.use_case), on, now)
    stands = []
    for known in held.versions:
        line = line_of(library, clause, policies, Subject(held.use_case, known), on, now)
        there = tuple(each.by for each in line.answers if each.finding in THERE)
        missing = tuple(each.by for each in line.answers if each.finding not in THERE)
        stands.append(Stand(known.version.model, known.version.digest, line.covered.value, there, missing))
    controls = tuple(each.by for each in asked.answers if library.control(each.by) is not None)
    demanded = tuple(each.by for each in asked.answers if each.demanded_by)
    ids = (on, change, regime_of(clause), clause.id, clause.summary, held.use_case.id, why)
    return Coming(*ids, controls, demanded, tuple(stands), asked.gaps)
