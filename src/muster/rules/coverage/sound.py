"""Sound: what is wrong with a control library, each fault beside its field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from muster.records.governance.clauses import AnsweredBy, Objective
from muster.records.policy import Library
from muster.rules.coverage.house.facts import FACTS
from muster.rules.coverage.means import regime_of
from muster.rules.coverage.places import PLACES
from muster.rules.coverage.timing import STATUS

Fault = tuple[str, str]
"""Path of a field, and what is wrong with it."""


def library_faults(library: Library) -> Iterator[Fault]:
    """Yield what is wrong with dates, places, regimes, objectives and successors."""
    for name in ("controls", "clauses", "regimes"):
        for place, item in enumerate(getattr(library, name)):
            path = f"library.{name}[{place}]"
            yield from ((f"{path}.{field}", why) for field, why in _of_dates(item.in_force_from, item.in_force_until))
            yield from _of_places(item.jurisdictions, path)
    yield from _of_successors(library)
    yield from _of_clauses(library)
    yield from _of_objectives(library)


def _of_dates(first: str, end: str) -> Iterator[Fault]:
    for field, text in (("in_force_from", first), ("in_force_until", end)):
        try:
            sound = not text or date.fromisoformat(text).isoformat() == text
        except ValueError:
            sound = False
        if not sound:
            yield field, f"{text!r} is no date of the form 2027-12-02"
            return
    if first and end and end <= first:
        yield "in_force_until", f"it ends on {end}, which is not after it begins ({first})"


def _of_places(places: Iterable[str], path: str) -> Iterator[Fault]:
    for place, name in enumerate(places):
        if name not in PLACES:
            yield (
                f"{path}.jurisdictions[{place}]",
                f"{name!r} is no place; write EU, US, US-CO or another ISO 3166 code",
            )


def _of_successors(library: Library) -> Iterator[Fault]:
    for name in ("controls", "clauses", "regimes"):
        for place, item in enumerate(getattr(library, name)):
            if item.id in item.supersedes:
                yield f"library.{name}[{place}].supersedes", f"{item.id} cannot come in its own place"


def _of_clauses(library: Library) -> Iterator[Fault]:
    regimes = {regime.id for regime in library.regimes}
    for place, clause in enumerate(library.clauses):
        path = f"library.clauses[{place}]"
        if not clause.source.strip():
            yield f"{path}.source", f"{clause.id} says not where it is to be found"
        if clause.status not in STATUS:
            yield f"{path}.status", f"{clause.status!r} is none of {', '.join(STATUS)}"
        if regimes and regime_of(clause) not in regimes:
            yield f"{path}.regime", f"{clause.id} is of {regime_of(clause)}, which is not under regimes"


def _of_objectives(library: Library) -> Iterator[Fault]:
    known = {objective.id for objective in library.objectives}
    clauses = {clause.id for clause in library.clauses}
    for place, control in enumerate(library.controls):
        if control.objective and control.objective not in known:
            yield f"library.controls[{place}].objective", f"{control.objective!r} is not under objectives"
    measured = {control.objective for control in library.controls}
    for place, objective in enumerate(library.objectives):
        path = f"library.objectives[{place}]"
        if unknown := [clause for clause in objective.clauses if clause not in clauses]:
            yield f"{path}.clauses", f"the library does not describe clause {unknown[0]!r}"
        yield from ((f"{path}.{field}", why) for field, why in _answered(objective, objective.id in measured))


def _answered(objective: Objective, measured: bool) -> Iterator[Fault]:  # noqa: FBT001 - what it is asked about
    """Nothing may be said to be answered without something that answers it, nor go without the gap being told."""
    if unknown := [fact for fact in objective.facts if fact not in FACTS]:
        yield "facts", f"{unknown[0]!r} is none of the facts that can be worked out: {', '.join(FACTS)}"
    if objective.answered_by is AnsweredBy.NOTHING:
        yield from _unanswered(objective, measured)
    elif objective.answered_by is AnsweredBy.CHECK:
        if not measured:
            yield "answered_by", f"checks are said to answer {objective.id}, but no control measures it"
    elif not objective.facts and not (measured and objective.answered_by is AnsweredBy.PERSON):
        yield "facts", f"{objective.id} is answered by {objective.answered_by.value}: name the facts that show it"


def _unanswered(objective: Objective, measured: bool) -> Iterator[Fault]:  # noqa: FBT001 - what it is asked about
    if objective.facts or measured:
        yield "answered_by", f"nothing is said to answer {objective.id}, but something does"
    if not objective.gap.strip():
        yield "gap", f"nothing answers {objective.id}: say what is missing"
