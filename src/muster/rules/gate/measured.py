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


def parameters_of(control: Control, requirement: Requirement) -> dict[str, Any]:
    """Return the parameters that the check must have been run with: the control's, overlaid by the policy's."""
    return {**control.parameters, **requirement.parameters}


def demands_of(policy: Policy) -> tuple[Requirement, ...]:
    """Return every control that a policy asks for: its requirements, and its monitors as what windows must show."""
    watched = (Requirement(m.control, m.limit, m.parameters, WINDOW, m.every_days) for m in policy.monitors)
    return (*policy.requirements, *watched) if policy.monitors else policy.requirements


def limit_of(control: Control, requirement: Requirement) -> Limit:
    """Return the limit that figures are held against: the control's, with the policy's own value where it has one."""
    return control.limit if requirement.limit is None else replace(control.limit, value=requirement.limit)


def life_of(requirement: Requirement, policy: Policy) -> timedelta:
    """Return how old evidence for a requirement may be: what the policy allows, or less where the requirement does."""
    own = requirement.maximum_age_days
    days = policy.maximum_evidence_age_days
    return timedelta(days=days if own is None else min(own, days))


def good_until(fact: Fact[Evidence], requirement: Requirement | None, policy: Policy) -> datetime:
    """Return from when on evidence counts no more: what people attested says so itself, unless less is demanded."""
    until, own = fact.record.valid_until, requirement.maximum_age_days if requirement else None
    if until is not None and fact.record.sample_role == ATTESTED:
        return until if own is None else min(until, fact.at + timedelta(days=own))
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
    ]
    return held(control, requirement, policy, about, facts, now)


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
    if fact.record.sample_role == ATTESTED:
        notes = ", ".join(figure.note for figure in fact.record.figures if figure.note and figure.name == limit.figure)
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
