"""Applying: why a use case has its risk tier, and which policies, controls and regimes are for it, each with why."""

from __future__ import annotations

from dataclasses import dataclass

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.library.reading import day_of, library_on, policies_in_force
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.rules.coverage.means import clauses_of, concerns, regime_of
from muster.rules.coverage.timing import BINDING, Timing, in_words, timing
from muster.rules.gate.applicability import applies, control_applies
from muster.rules.gate.dates import untimely_on
from muster.rules.gate.measured import demands_of
from muster.rules.tier import Weighed, tier, weighed


@dataclass(frozen=True, slots=True)
class Applying:
    """Whether something is for a use case, and by which fact."""

    id: str
    applies: bool
    why: str
    demanded_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UseCasePage:
    """A use case explained."""

    use_case: str
    purpose: str
    tier: str
    facts: tuple[Weighed, ...]
    """Every fact that is weighed, with what it does to the tier."""
    policies: tuple[Applying, ...]
    controls: tuple[Applying, ...]
    regimes: tuple[Applying, ...]


@view("use-case explain")
def use_case_explain(context: Context, id: str, as_of: str = "", library: str = "") -> UseCasePage:  # noqa: A002 - the field's word
    """Explain a use case: its risk tier with every fact that was weighed, and what is for it or not, each with why.

    Parameters
    ----------
    id
        Id of the use case.
    as_of
        The day (YYYY-MM-DD) of library and law; today where nothing is said.
    library
        Name of the library; the one adopted last where nothing is said.
    """
    context.house.ledger.refresh()
    case = context.latest(UseCase, f"use-case:{id}")
    day = day_of(context, as_of)
    held = library_on(context, day, library)
    every = policies_in_force(context)
    mine = policies_in_force(context, case)
    computed, _ = tier(case)
    return UseCasePage(
        use_case=case.id,
        purpose=case.purpose,
        tier=computed.value,
        facts=weighed(case),
        policies=tuple(Applying(policy.id, *applies(policy, case)) for policy in every),
        controls=_controls(held, case, mine, day),
        regimes=_regimes(held, case, day),
    )


def _controls(library: Library, case: UseCase, policies: tuple[Policy, ...], day: str) -> tuple[Applying, ...]:
    known = {regime.id: regime for regime in library.regimes}
    found = []
    for control in library.controls:
        holds, why = control_applies(control, case)
        if holds and (late := untimely_on(control, day)):
            holds, why = False, late
        demanded = [policy.id for policy in policies if control.id in {each.control for each in demands_of(policy)}]
        if holds:
            speaking = [each for each in clauses_of(control, library) if concerns(each, known, case)[0]]
            binding = dict.fromkeys(regime_of(each) for each in speaking if timing(each, day) in BINDING)
            later = dict.fromkeys(regime_of(each) for each in speaking if timing(each, day) is Timing.TO_COME)
            rest = [f"{name} later" for name in later if name not in binding]
            why += f"; asked for by {', '.join([*binding, *rest]) or 'no clause that speaks of this use case'}"
        found.append(Applying(control.id, holds, why, tuple(demanded)))
    return tuple(found)


def _regimes(library: Library, case: UseCase, day: str) -> tuple[Applying, ...]:
    """Tell of each regime whether any of its clauses speaks of the use case."""
    known = {regime.id: regime for regime in library.regimes}
    found = []
    for regime in library.regimes:
        said = [concerns(clause, known, case) for clause in library.clauses if regime_of(clause) == regime.id]
        speaking = [why for holds, why in said if holds]
        why = (speaking or [why for _, why in said] or ["it has no clauses here"])[0]
        stands = timing(regime, day) is not Timing.ENDED
        found.append(Applying(regime.id, bool(speaking) and stands, f"{in_words(regime, day)}; {why}"))
    return tuple(found)
