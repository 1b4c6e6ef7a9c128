"""Applicability: whether a policy or a control is for a use case, and by which fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from muster.records.governance.terms import Selector
from muster.records.policy import Control, Policy
from muster.records.purpose import UseCase
from muster.rules.gate.dates import untimely
from muster.rules.gate.facts import Facts, age_key
from muster.rules.tier import tier


def applies(policy: Policy, use_case: UseCase) -> tuple[bool, str]:
    """Tell whether the policy's selector covers the use case, with a sentence saying why or why not."""
    covered, why = selects(policy.applies_to, policy.id, use_case)
    if not covered:
        return False, why
    computed, _ = tier(use_case)
    facts = f"{use_case.domain}, tier {computed.value}, {', '.join(use_case.jurisdictions)}"
    return True, f"{policy.id} covers {use_case.id}: {facts}{why and f' ({why})'}"


def control_applies(control: Control, use_case: UseCase) -> tuple[bool, str]:
    """Tell whether a control is for the use case, with a sentence saying why or why not."""
    if control.applies_to is None:
        return True, f"{control.id} is for every use case"
    covered, why = selects(control.applies_to, control.id, use_case)
    return covered, f"{control.id} is for {use_case.id}{why and f' ({why})'}" if covered else why


def spared(control: Control, facts: Facts, now: datetime | None = None) -> str:
    """Say why a control is not asked for of the use case, now; empty where it is, or where the use case is not known.

    Where no moment is given, every control counts as one that is in force.
    """
    if now is not None and (why := untimely(control, now)):
        return f"does not apply: {why}"
    if control.applies_to is None or not facts.use_cases:
        return ""
    covered, why = control_applies(control, max(facts.use_cases, key=age_key).record)
    return "" if covered else f"does not apply: {why}"


def selects(selector: Selector, name: str, use_case: UseCase) -> tuple[bool, str]:
    """Tell whether a selector means a use case.

    Returns
    -------
    tuple[bool, str]
        Where it does not, the first fact that is another. Where it does, the facts that the use case does not state
        and that were therefore taken to be meant; mostly none.
    """
    if others := next(_others(selector, use_case), ""):
        return False, f"{name} is for {others}"
    return True, "; ".join(f"{fact} is not stated, so it counts as meant" for fact in _unstated(selector, use_case))


def _others(selector: Selector, case: UseCase) -> Iterator[str]:
    """Yield each fact that is another than the selector means, beside what it means."""
    computed, _ = tier(case)
    acts = ", ".join(case.jurisdictions)
    places = acts if set(selector.jurisdictions) & set(case.jurisdictions) else ""
    kind = case.ai_type.value if case.ai_type else ""
    listed = (
        (selector.domains, case.domain, f"{case.id} is {case.domain}", ""),
        (selector.tiers, computed.value, f"{case.id} is {computed.value}", "tier "),
        (selector.jurisdictions, (places and selector.jurisdictions[0]), f"{case.id} acts in {acts}", ""),
        (tuple(map(str.casefold, selector.purposes)), case.purpose.casefold(), f"{case.id} is to {case.purpose}", ""),
        (selector.autonomy, case.autonomy, f"{case.id} {case.autonomy}", "AI that "),
        (selector.ai_types if kind else (), kind, f"{case.id} is {kind}", "AI of type "),
        (
            selector.business_units if case.business_unit else (),
            case.business_unit,
            f"{case.id} belongs to {case.business_unit}",
            "",
        ),
    )
    yield from (f"{what}{', '.join(meant)}; {why}" for meant, held, why, what in listed if meant and held not in meant)
    yield from _other_flags(selector, case)
    yield from _outside(selector, case)


def _other_flags(selector: Selector, case: UseCase) -> Iterator[str]:
    if selector.consequential not in (None, case.consequential):
        meant, held = ("of", "without") if selector.consequential else ("without", "of")
        yield f"decisions {meant} consequence; those of {case.id} are {held}"
    if selector.third_party not in (None, case.third_party):
        whose = "of third parties" if selector.third_party else "of our own"
        yield f"models {whose}; that of {case.id} is {'a third party' if case.third_party else 'our own'}"


def _outside(selector: Selector, case: UseCase) -> Iterator[str]:
    people, money = case.people_per_year, case.exposure
    if people < selector.minimum_people_per_year:
        yield f"{selector.minimum_people_per_year:,} people a year or more; {case.id} reaches {people:,}"
    if selector.maximum_people_per_year is not None and people > selector.maximum_people_per_year:
        yield f"at most {selector.maximum_people_per_year:,} people a year; {case.id} reaches {people:,}"
    if selector.currency != case.currency:
        return
    if money < selector.minimum_exposure:
        yield f"{selector.minimum_exposure:,.0f} {case.currency} a year or more; {case.id} exposes {money:,.0f}"
    if selector.maximum_exposure is not None and money > selector.maximum_exposure:
        yield f"at most {selector.maximum_exposure:,.0f} {case.currency} a year; {case.id} exposes {money:,.0f}"


def _unstated(selector: Selector, case: UseCase) -> Iterator[str]:
    if selector.ai_types and case.ai_type is None:
        yield "the type of AI"
    if selector.business_units and not case.business_unit:
        yield "the business unit"
    if (selector.minimum_exposure or selector.maximum_exposure is not None) and selector.currency != case.currency:
        yield f"the exposure in {selector.currency or 'its currency'}"
