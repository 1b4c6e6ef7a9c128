"""What was measured, held against what is demanded: the newest evidence of every sample, the worst of which speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from muster.records.canonical import canonical
from muster.records.decision import Finding
from muster.records.evidence import ATTESTED, Evidence, Outcome
from muster.records.policy import Control, Limit, Policy, Requirement
from muster.rules.gate.facts import Fact, Facts, age_key
from muster.rules.gate.limits import judge, meets

DAY = timedelta(days=1)

SKEW = timedelta(minutes=5)
"""How far clocks may differ before evidence from the future cannot be judged."""

WINDOW = "window"
"""Role of samples measured in production; asked for only once a release is out."""

TRIAL = "trial"
"""Role of samples measured beside the champion, in the shadow or on some of the people; asked for only before a version
may serve everybody. Also the scope of releases that let it do that."""

SERVE = "serve"
"""Scope of releases that let a version answer everybody."""

NEVER_OLD = timedelta(days=36_500)
"""Life of evidence of a trial: a champion has nobody beside whom it could be tried again."""


def parameters_of(control: Control, requirement: Requirement) -> dict[str, Any]:
    """Return the parameters that the check must have been run with: the control's, overlaid by the policy's."""
    return {**control.parameters, **requirement.parameters}


def demands_of(policy: Policy, scope: str = SERVE) -> tuple[Requirement, ...]:
    """Return every control that a policy asks for: its requirements, and its monitors as what windows must show."""
    watched = (Requirement(m.control, m.limit, m.parameters, WINDOW, m.every_days) for m in policy.monitors)
    asked = (*policy.requirements, *watched) if policy.monitors else policy.requirements
    return asked if scope == SERVE else tuple(each for each in asked if asked_in(each, scope))


def asked_in(requirement: Requirement, scope: str) -> bool:
    """Tell whether a requirement is asked of a release of this scope: trials only of one to serve everybody."""
    return scope == SERVE or requirement.sample_role != TRIAL


def demand_of(requirement: Requirement) -> str:
    """Return what a reason calls a requirement: its control, and where it is asked of live traffic, that."""
    role = requirement.sample_role
    return f"{requirement.control} ({role})" if role in (WINDOW, TRIAL) else requirement.control


def control_in(demand: str) -> str:
    """Return the id of the control that a demand is about."""
    return demand.removesuffix(f" ({WINDOW})").removesuffix(f" ({TRIAL})")


def limit_of(control: Control, requirement: Requirement) -> Limit:
    """Return the limit that figures are held against: the control's, with the policy's own value where it has one."""
    return control.limit if requirement.limit is None else replace(control.limit, value=requirement.limit)


def life_of(requirement: Requirement, policy: Policy) -> timedelta:
    """Return how old evidence for a requirement may be: what the policy allows, or less where the requirement does."""
    own = requirement.maximum_age_days
    if requirement.sample_role == TRIAL:
        return NEVER_OLD if own is None else timedelta(days=own)
    days = policy.maximum_evidence_age_days
    return timedelta(days=days if own is None else min(own, days))


def good_until(fact: Fact[Evidence], requirement: Requirement | None, policy: Policy) -> datetime:
    """Return from when on evidence counts no more: what people attested says so itself, unless less is demanded."""
    until, own = fact.record.valid_until, requirement.maximum_age_days if requirement else None
    if until is not None and fact.record.sample_role == ATTESTED:
        return until if own is None else min(until, fact.at + timedelta(days=own))
    if fact.record.sample_role == TRIAL:
        return fact.at + (NEVER_OLD if own is None else timedelta(days=own))
    days = policy.maximum_evidence_age_days
    return fact.at + timedelta(days=days if own is None else min(own, days))


def measured(
    control: Control, requirement: Requirement, policy: Policy, facts: Facts, now: datetime
) -> tuple[Finding, str, tuple[str, ...]]:
    """Hold the evidence for one requirement against its limit.

    Returns
    -------
    tuple[Finding, str, tuple[str, ...]]
        The worst finding of all samples, a sentence with figures, and the digests of the entries that speak.
    """
    wanted = canonical(parameters_of(control, requirement))
    about = [
        fact
        for fact in facts.evidence
        if fact.record.check == control.check
        and fact.record.sample_role == requirement.sample_role
        and canonical(fact.record.parameters) == wanted
        and placed(fact, policy)
    ]
    return held(control, requirement, policy, about, facts, now)


def trial_in(environment: str, group: str, deployment: str) -> str:
    """Return what the sample of a trial is called: by where people, or nobody, were answered."""
    return f"{environment}/{group}/{deployment}"


def placed(fact: Fact[Evidence], policy: Policy) -> bool:
    """Tell whether evidence comes from where a policy is for: a trial in another environment says nothing here."""
    record = fact.record
    return record.sample_role != TRIAL or record.sample_name.startswith(f"{policy.environment}/")


def held(
    control: Control,
    requirement: Requirement,
    policy: Policy,
    about: Sequence[Fact[Evidence]],
    facts: Facts,
    now: datetime,
) -> tuple[Finding, str, tuple[str, ...]]:
    """Hold evidence that is known to be about the requirement against its limit, as :func:`measured` does."""
    life = life_of(requirement, policy)
    if not about:
        return _absent(control, requirement, facts, now, life)
    limit = limit_of(control, requirement)
    judged = [
        (*_judged(fact, limit, now, good_until(fact, requirement, policy), facts.authors), fact)
        for fact in newest_by_sample(about)
    ]
    finding, why, speaking = min(judged, key=lambda each: (RANK.index(each[0]), age_key(each[2])))
    digests = tuple(fact.digest for worst, _, fact in judged if worst is finding)
    return finding, f"on {speaking.record.sample_name}: {why}", digests


UNTRIED = (
    f"it was not measured beside a champion yet: a release with --scope shadow, or --scope {TRIAL} for some of the "
    "people, lets it be seen; then muster traffic measure NAME VERSION"
)

RANK = (
    Finding.UNKNOWN,
    Finding.NOT_MET,
    Finding.NOT_MEASURED,
    Finding.NOT_ENOUGH_EVIDENCE,
    Finding.MISSING,
    Finding.STALE,
    Finding.MET,
)
"""Of several samples the worst speaks, so that nobody can choose the sample that suits."""


def _judged(
    fact: Fact[Evidence], limit: Limit, now: datetime, until: datetime, authors: frozenset[str]
) -> tuple[Finding, str]:
    measured = f"the evidence of {fact.at:%Y-%m-%d %H:%M}"
    if fact.at - now > SKEW:
        return Finding.UNKNOWN, f"{measured} is from the future: a clock is wrong"
    if now >= until:
        if until == fact.record.valid_until:
            return (
                Finding.STALE,
                f"what {fact.person} attested on {fact.at:%Y-%m-%d} was good until {until:%Y-%m-%d %H:%M}",
            )
        days = (until - fact.at) / DAY
        return Finding.STALE, f"{measured} is older than the {days:.3g} days that the policy allows"
    if fact.record.independent and fact.person in authors:
        return Finding.NOT_MEASURED, f"{fact.person} attested it, who is an author of the version"
    if fact.record.outcome is not Outcome.MEASURED:
        return Finding.NOT_MEASURED, f"could not be measured: {fact.record.reason}"
    finding, why = judge(limit, fact.record.figures)
    notes = ", ".join(figure.note for figure in fact.record.figures if figure.note and figure.name == limit.figure)
    if fact.record.sample_role == TRIAL:
        why += notes and f": {notes}"
    if fact.record.sample_role == ATTESTED:
        why += f"{notes and f' ({notes})'}; attested by {fact.person}, good until {until:%Y-%m-%d}"
    return finding, why


def _absent(
    control: Control, requirement: Requirement, facts: Facts, now: datetime, life: timedelta
) -> tuple[Finding, str, tuple[str, ...]]:
    if requirement.sample_role == WINDOW and not any(now - release.at >= life for release in facts.releases):
        return Finding.MET, "asked of windows of live traffic; the first is not due yet", ()
    if requirement.sample_role == ATTESTED:
        answered = control.check.removeprefix(f"{ATTESTED}.")
        return Finding.MISSING, f"nobody has answered it: muster questionnaire answer {answered} VERSION FILE", ()
    if requirement.sample_role == TRIAL:
        return Finding.MISSING, UNTRIED, ()
    return Finding.MISSING, f"no evidence of check {control.check} on a {requirement.sample_role} sample", ()


def plainly_met(limit: Limit, life: timedelta, newest: Iterable[Fact[Evidence]], now: datetime) -> bool:
    """Tell without words whether the newest evidence of every sample meets the limit; there is at least one."""
    for fact in newest:
        record, age = fact.record, now - fact.at
        if record.sample_role == ATTESTED:
            return False  # it says itself how long it holds: the gate judges it with all its words
        if age >= life or -age > SKEW or record.outcome is not Outcome.MEASURED or not meets(limit, record.figures):
            return False
    return True


def newest_by_sample(facts: Iterable[Fact[Evidence]]) -> list[Fact[Evidence]]:
    """Return the newest evidence of each sample name; where several are of one moment all, so that the worst speaks."""
    newest: dict[str, list[Fact[Evidence]]] = {}
    for fact in sorted(facts, key=age_key):
        known = newest.get(fact.record.sample_name, [])
        newest[fact.record.sample_name] = [*(other for other in known if other.at == fact.at), fact]
    return [fact for group in newest.values() for fact in group]
