"""A policy in words, line by line, for those who answer for it; each line knows which field it speaks of."""

from __future__ import annotations

from collections.abc import Iterator

from muster.records.governance.terms import LapseAction, Selector
from muster.records.policy import Library, Policy, Requirement
from muster.rules.gate.guarding import standing_guards
from muster.rules.gate.limits import phrase
from muster.rules.gate.measured import limit_of

Line = tuple[str, str]
"""Path of the field, and the sentence."""

LAPSES = {
    LapseAction.ALERT: "people are told, and it is served on until gateways refuse it of themselves",
    LapseAction.SUSPEND: "it is no longer served",
    LapseAction.ROLL_BACK: "the release before it takes its place if that one stands, or else nothing is served",
}


def in_words(policy: Policy, library: Library | None = None) -> Iterator[Line]:
    """Say a policy in sentences.

    Parameters
    ----------
    library
        Where its controls come from; without it, controls are named only.
    """
    yield "statement", policy.statement
    yield from (("applies_to" + path, line) for path, line in selected(policy.applies_to, policy.environment))
    for place, requirement in enumerate(policy.requirements):
        yield f"requirements[{place}]", _demand(requirement, library)
    for place, monitor in enumerate(policy.monitors):
        asked = Requirement(monitor.control, monitor.limit, monitor.parameters)
        said = f"In production, every {_days(monitor.every_days)}: {_demand(asked, library)}"
        yield f"monitors[{place}]", said
    yield from _people(policy)
    yield "maximum_evidence_age_days", f"What was measured counts for {_days(policy.maximum_evidence_age_days)}."
    yield "release_life_days", f"A release is good for {_days(policy.release_life_days)}."
    yield "orders_life_hours", f"Gateways go on for {policy.orders_life_hours:g} hours without hearing from here."
    yield from _serving(policy)


def selected(selector: Selector, environment: str) -> Iterator[Line]:
    """Say which use cases are meant: a line of what it is for, and one for each fact."""
    yield "", f"It is for {environment}, for these use cases:"
    listed = {
        "domains": "domain",
        "tiers": "risk tier",
        "jurisdictions": "acting in",
        "purposes": "whose purpose is",
        "ai_types": "type of AI",
        "autonomy": "where the model",
        "business_units": "business unit",
    }
    held = [(field, words, getattr(selector, field)) for field, words in listed.items() if getattr(selector, field)]
    yield from ((f".{field}", f"  {words} {' or '.join(values)}") for field, words, values in held)
    if selector.consequential is not None:
        yield ".consequential", f"  whose decisions {'matter' if selector.consequential else 'do not matter'} to a life"
    if selector.third_party is not None:
        yield ".third_party", f"  with a model {'of a third party' if selector.third_party else 'of our own'}"
    yield from _bounds(selector)
    if selector == Selector():
        yield "", "  all of them"


def _bounds(selector: Selector) -> Iterator[Line]:
    if selector.minimum_people_per_year:
        yield ".minimum_people_per_year", f"  reaching {selector.minimum_people_per_year:,} people a year or more"
    if selector.maximum_people_per_year is not None:
        yield ".maximum_people_per_year", f"  reaching at most {selector.maximum_people_per_year:,} people a year"
    if selector.minimum_exposure:
        yield ".minimum_exposure", f"  exposing {selector.minimum_exposure:,.0f} {selector.currency} a year or more"
    if selector.maximum_exposure is not None:
        yield ".maximum_exposure", f"  exposing at most {selector.maximum_exposure:,.0f} {selector.currency} a year"


def _demand(requirement: Requirement, library: Library | None) -> str:
    control = library.control(requirement.control) if library else None
    own = "" if requirement.limit is None else f", limit {requirement.limit:g}"
    said = f"{requirement.control}{own}"
    if control is not None:
        said = f"{control.statement} ({requirement.control}: {phrase(limit_of(control, requirement))})"
    if requirement.maximum_age_days is not None:
        said += f", measured within {_days(requirement.maximum_age_days)}"
    where = "" if requirement.sample_role == "held-out" else f" [{requirement.sample_role}]"
    return said + where


def _people(policy: Policy) -> Iterator[Line]:
    for place, wanted in enumerate(policy.sign_offs):
        yield f"sign_offs[{place}]", f"{wanted.count} {wanted.role.value} must sign it off."
    if policy.separation_of_duties:
        yield "separation_of_duties", "Nobody signs off a model of their own."
        if policy.separation_along_lineage:
            yield "separation_along_lineage", "Nor does anybody who brought or split its data, or compiled it."
    else:
        yield "separation_of_duties", "Authors may sign off their own models."
    if not policy.own_keys_only:
        yield "own_keys_only", "For people without a key, the platform may sign in their name."
    if policy.blocking_findings:
        grave = " or ".join(severity.value for severity in policy.blocking_findings)
        yield "blocking_findings", f"An open finding of severity {grave} keeps a version from being released."
    if policy.emergency is not None:
        roles = " or ".join(role.value for role in policy.emergency.released_by)
        hours = f"{policy.emergency.sign_off_within_hours:g} hours"
        yield "emergency", f"In an emergency a {roles} may release it first; sign-offs follow within {hours}."


def _serving(policy: Policy) -> Iterator[Line]:
    if policy.parity:
        yield "parity", "The form that is served must be proven to decide as the model that was assessed."
    if policy.originals != "allow":
        yield "originals", "It must be a compiled form: no model is served by its own library."
    guards = policy.guards or standing_guards(policy)
    yield "guards", f"Before every answer stand the guards {', '.join(guards)}."
    grace = policy.on_lapse.grace_hours if policy.on_lapse else 0.0
    lapse = LAPSES[policy.on_lapse.action if policy.on_lapse else LapseAction.SUSPEND]
    yield "on_lapse", f"When a release lapses, {lapse}{f', after {grace:g} hours of grace' if grace else ', at once'}."
    if policy.serving is not None and policy.serving.callers_choose:
        yield "serving.callers_choose", "Callers may name the version that answers, where several share the traffic."
    if not policy.local_mode:
        yield "local_mode", "What is done with access to files alone, without a server, does not count."


def _days(days: float) -> str:
    return "a day" if days == 1 else f"{days:g} days"
