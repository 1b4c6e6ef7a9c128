"""Sense: whether a policy can be judged at all; one that cannot would stop the gate, or ask for less than it seems."""

from __future__ import annotations

from collections.abc import Iterator

from muster.records.evidence import ATTESTED
from muster.records.policy import Control, Library, Policy, Requirement
from muster.rules.gate.guarding import standing_guards
from muster.rules.gate.measured import TRIAL, demands_of
from muster.rules.gate.serving import serving_faults

LONGEST = {"maximum_evidence_age_days": 36_500, "release_life_days": 36_500, "orders_life_hours": 876_000}
"""A hundred years: beyond, moments leave the calendar."""

TRAFFIC = "traffic"
"""Family of the checks that hold a version against the champion beside it."""

MOST_SIGNERS = 100
"""Of one policy; seats are told out one by one."""


def nonsense(policy: Policy) -> str:
    """Say what of a policy makes no sense; empty where all does.

    Files are read more strictly (with line and field), but a policy also comes as JSON, and from a ledger.
    """
    for field, longest in LONGEST.items():
        if not 0 < getattr(policy, field) <= longest:
            return f"{field} is {getattr(policy, field):g}: it must be more than 0, and at most {longest:,}"
    for requirement in policy.requirements:
        age = requirement.maximum_age_days
        if age is not None and age <= 0:
            return f"{requirement.control} asks for evidence of at most {age:g} days: it must be more than 0"
    for wanted in policy.sign_offs:
        if wanted.count < 1:
            return f"it asks for {wanted.count} sign-offs of a {wanted.role.value}: leave it out if nobody need sign"
    if sum(wanted.count for wanted in policy.sign_offs) > MOST_SIGNERS:
        return f"it asks for more than {MOST_SIGNERS} sign-offs"
    return next((f"{field}: {why}" for field, why in of_terms(policy)), "")


def unadoptable(policy: Policy, library: Library) -> str:
    """Say why a policy cannot come into force with a library; empty where it can."""
    if problem := nonsense(policy):
        return problem
    for path, what in serving_faults(policy):
        return f"{path}: {what}"
    if not policy.requirements:
        return "it demands no control, so that nothing could ever be allowed: add requirements"
    if unknown := [asked.control for asked in demands_of(policy) if library.control(asked.control) is None]:
        return f"it demands {', '.join(unknown)}, which library {library.name!r} does not have"
    return next(_misplaced(policy, library), "")


def _misplaced(policy: Policy, library: Library) -> Iterator[str]:
    """Yield what asks for answers of people where none can be, or for measurements among their answers."""
    for asked in demands_of(policy):
        control = library.control(asked.control)
        if control is None:
            continue
        by_hand = control.check.startswith(f"{ATTESTED}.")
        if by_hand and asked.sample_role != ATTESTED:
            yield f"{asked.control} is answered by people, not measured on {asked.sample_role}: sample_role: {ATTESTED}"
        if not by_hand and asked.sample_role == ATTESTED:
            yield f"{asked.control} is measured by a check: no people answer it; leave out sample_role: {ATTESTED}"
        yield from _untried(asked, control, by_hand=by_hand)


def _untried(asked: Requirement, control: Control, *, by_hand: bool) -> Iterator[str]:
    """Yield what asks for a trial of what nothing measures there, or elsewhere for what only a trial shows."""
    beside = control.check.startswith(f"{TRAFFIC}.")
    if beside and asked.sample_role != TRIAL:
        yield f"{asked.control} is measured beside a champion, not on {asked.sample_role}: sample_role: {TRIAL}"
    if not beside and not by_hand and asked.sample_role == TRIAL:
        yield f"{asked.control} is not measured beside a champion: leave out sample_role: {TRIAL}"


def of_terms(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield what makes no sense of guards, monitors, lapses and the selector: the field, and why."""
    for place, guard in enumerate(policy.guards):
        if guard not in standing_guards(policy):
            known = ", ".join(standing_guards(policy))
            yield f"guards[{place}]", f"demands the guard {guard!r}; those that stand before such a version are {known}"
    for place, monitor in enumerate(policy.monitors):
        if not 0 < monitor.every_days <= LONGEST["maximum_evidence_age_days"]:
            words = f"the monitor of {monitor.control} runs every {monitor.every_days:g} days: it must be more than 0"
            yield f"monitors[{place}].every_days", words
    yield from _of_lapses(policy)
    selector = policy.applies_to
    most_people, most_money = selector.maximum_people_per_year, selector.maximum_exposure
    if most_people is not None and most_people < selector.minimum_people_per_year:
        yield "applies_to.maximum_people_per_year", "below the minimum: it covers no use case"
    if most_money is not None and most_money < selector.minimum_exposure:
        yield "applies_to.maximum_exposure", "below the minimum: it covers no use case"


def _of_lapses(policy: Policy) -> Iterator[tuple[str, str]]:
    longest = LONGEST["orders_life_hours"]
    if policy.on_lapse is not None and not 0 <= policy.on_lapse.grace_hours <= longest:
        hours = policy.on_lapse.grace_hours
        yield "on_lapse.grace_hours", f"is {hours:g}: it must be 0 or more, and at most {longest:,}"
    if policy.emergency is None:
        return
    hours = policy.emergency.sign_off_within_hours
    if not 0 < hours <= longest:
        yield "emergency.sign_off_within_hours", f"is {hours:g}: it must be more than 0, and at most {longest:,}"
    if not policy.emergency.released_by:
        yield "emergency.released_by", "names no role: nobody would answer for such a release"
