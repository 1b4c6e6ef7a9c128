"""Means: which controls and facts answer a clause, and for which use cases a clause is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from muster.records.governance.clauses import Clause, Confidence, Objective, Regime
from muster.records.policy import Control, Library
from muster.records.purpose import UseCase
from muster.rules.coverage.places import bound
from muster.rules.gate.applicability import selects
from muster.rules.gate.memo import once


@dataclass(frozen=True, slots=True)
class Means:
    """What answers a clause: controls that measure it, and facts of the house with the objectives they are for."""

    controls: tuple[Control, ...]
    objectives: tuple[Objective, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts that show it."""
        return tuple(dict.fromkeys(fact for objective in self.objectives for fact in objective.facts))

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is not covered, said plainly."""
        return tuple(objective.gap for objective in self.objectives if objective.gap)


def regime_of(clause: Clause) -> str:
    """Return the id of a clause's regime."""
    return clause.regime or clause.id.partition(" ")[0]


def family_of(control: Control, library: Library) -> str:
    """Return the family of a control: its objective's, else that of its check."""
    found = next((each.family for each in library.objectives if each.id == control.objective), "")
    return found or control.check.partition(".")[0]


def clauses_of(control: Control, library: Library) -> tuple[Clause, ...]:
    """Return the clauses that a control answers: those that it names, and those that only its objective names."""
    answered = answering(library)
    return tuple(clause for clause in library.clauses if control in answered[clause.id].controls)


def regimes_of(control: Control, library: Library) -> tuple[str, ...]:
    """Return the ids of the regimes that ask for a control."""
    return tuple(dict.fromkeys(regime_of(clause) for clause in clauses_of(control, library)))


def jurisdictions_of(control: Control, library: Library) -> tuple[str, ...]:
    """Return where a control is asked for; none: its clauses know no borders."""
    places = (place for clause in clauses_of(control, library) for place in clause.jurisdictions)
    return control.jurisdictions or tuple(dict.fromkeys(places))


def confidence_of(control: Control, library: Library) -> Confidence:
    """Return how well it is known that clauses ask for a control: as well as the least known of them."""
    if control.confidence is not None:
        return control.confidence
    named = [clause for clause in library.clauses if clause.id in control.clauses]
    known = named and all(clause.confidence is Confidence.READ for clause in named)
    return Confidence.READ if known else Confidence.UNVERIFIED


@once
def answering(library: Library) -> Mapping[str, Means]:
    """Return what answers each clause.

    A clause that an objective names is answered by those of its controls that name it, too; where none does, by all of
    them: an audit of hiring is not answered by figures about credit.
    """
    found: dict[str, Means] = {}
    for clause in library.clauses:
        objectives = tuple(each for each in library.objectives if clause.id in each.clauses)
        direct = [control for control in library.controls if clause.id in control.clauses]
        settled = {control.objective for control in direct}
        wider = {each.id for each in objectives} - settled
        controls = [each for each in library.controls if each in direct or each.objective in wider]
        found[clause.id] = Means(tuple(controls), objectives)
    return found


def concerns(clause: Clause, regimes: Mapping[str, Regime], use_case: UseCase) -> tuple[bool, str]:
    """Tell whether a clause speaks of a use case, with a sentence saying by which fact."""
    regime = regimes.get(regime_of(clause))
    places = clause.jurisdictions or (regime.jurisdictions if regime else ())
    here, why = bound(places, use_case.jurisdictions)
    if not here:
        return False, why
    selector = clause.applies_to if clause.applies_to is not None else regime.applies_to if regime else None
    if selector is None:
        return True, why
    covered, reason = selects(selector, clause.id, use_case)
    return covered, f"{why}{reason and f'; {reason}'}" if covered else reason
