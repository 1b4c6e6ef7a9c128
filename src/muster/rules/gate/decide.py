"""The gate: may this version serve? A pure function, with a reason for every demand.

Laws, each a property test: evidence that meets a requirement never turns an allow into a refusal; the order of records
does not matter; expiry is exact; a policy that demands nothing refuses; what cannot be decided refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.decision import Decision, Finding, Question, Reason, Verdict, Waiver
from muster.records.entry import LOCAL
from muster.records.evidence import Evidence, Outcome
from muster.records.policy import Control, Library, Limit, Policy, Requirement
from muster.rules.gate.applicability import applies
from muster.rules.gate.facts import Fact, Facts
from muster.rules.gate.limits import judge
from muster.rules.gate.signoff import sign_offs

VERSION = 1
"""Version of these rules; decisions name it."""

SKEW = timedelta(minutes=5)
"""How far clocks may differ before evidence from the future cannot be judged."""

WINDOW = "window"
"""Role of samples measured in production; asked for only once a release is out."""


DAY = timedelta(days=1)


def record_digest(record: Policy | Library) -> str:
    """Return the digest by which decisions and releases name a policy or a library."""
    return digest(canonical(encode(record)))


def decide(policy: Policy, library: Library, question: Question, facts: Facts, now: datetime) -> Decision:
    """Answer a question from the facts.

    Parameters
    ----------
    policy, library
        What is demanded, and the controls that it names.
    facts
        What the records say (:func:`muster.rules.gate.facts.gather`).
    now
        The moment of deciding, UTC.

    Returns
    -------
    Decision
        ALLOW only if every demand is met or waived; WAIT if only sign-offs are missing.
    """
    heard = facts if policy.local_mode else _authenticated(facts)
    reasons = (
        *_standing_of_question(policy, question, heard),
        *(_requirement(requirement, policy, library, heard, now) for requirement in policy.requirements),
        *_parity(policy, heard),
        *sign_offs(policy, record_digest(policy), record_digest(library), heard),
    )
    return Decision(question, _verdict(reasons), reasons, record_digest(policy), record_digest(library), VERSION, now)


def _verdict(reasons: Iterable[Reason]) -> Verdict:
    open_demands = [reason for reason in reasons if reason.finding not in (Finding.MET, Finding.WAIVED)]
    if not open_demands:
        return Verdict.ALLOW
    only_people = all(r.demand.startswith("sign-off:") and r.finding is Finding.MISSING for r in open_demands)
    return Verdict.WAIT if only_people else Verdict.REFUSE


def _authenticated(facts: Facts) -> Facts:
    kept = {
        name: tuple(fact for fact in getattr(facts, name) if not fact.local)
        for name in facts.__slots__
        if name not in ("rejected", "strays")
    }
    return Facts(**kept, rejected=facts.rejected, strays=facts.strays)


def _standing_of_question(policy: Policy, question: Question, facts: Facts) -> Iterator[Reason]:
    statement = "The version is registered for a use case that this policy covers."
    newest = max(facts.use_cases, key=age_key, default=None)
    if newest is None:
        yield Reason("use-case", Finding.MISSING, statement, f"no use case {question.use_case!r} is registered")
    else:
        covered, why = applies(policy, newest.record)
        yield Reason("use-case", Finding.MET if covered else Finding.NOT_MET, statement, why, (newest.digest,))
    if not facts.versions:
        why = f"no version {question.version} is registered for use case {question.use_case!r}"
        yield Reason("version", Finding.MISSING, statement, "; ".join((why, *facts.strays)))
    if unknown := sorted({fact.record.run for fact in facts.versions} - {fact.record.id for fact in facts.runs}):
        why = f"run {unknown[0]!r} is not known, so nobody can tell whether an author signs off their own work"
        yield Reason("authors", Finding.UNKNOWN, "It is known who made the version.", why)
    if policy.environment != question.environment:
        why = f"{policy.id} is for {policy.environment}, the question is about {question.environment}"
        yield Reason("environment", Finding.NOT_MET, "The policy is that of the environment.", why)
    if not policy.requirements:
        why = f"{policy.id} demands no control: a policy that demands nothing allows nothing"
        yield Reason("requirements", Finding.UNKNOWN, "The policy demands something.", why)


def _parity(policy: Policy, facts: Facts) -> Iterator[Reason]:
    if not policy.parity:
        return
    statement = "The form that is served decides exactly as the model that was assessed."
    newest = max(facts.compilations, key=age_key, default=None)
    if newest is None:
        yield Reason(
            "parity", Finding.MISSING, statement, "the version was not compiled; `muster model compile` does it"
        )
        return
    proof = newest.record
    proven = proof.decisions_differing == 0 and proof.rows > 0 and proof.adversarial_rows > 0
    why = (
        f"{proof.decisions_differing} of {proof.rows:,} decisions differ, {proof.adversarial_rows:,} of the rows "
        f"adversarial; largest score difference {proof.largest_score_difference:.1e} ({proof.engine})"
    )
    yield Reason("parity", Finding.MET if proven else Finding.NOT_MET, statement, why, (newest.digest,))


def _requirement(requirement: Requirement, policy: Policy, library: Library, facts: Facts, now: datetime) -> Reason:
    control = library.control(requirement.control)
    if control is None:
        why = f"{policy.id} demands control {requirement.control!r}, which library {library.name!r} does not have"
        return Reason(requirement.control, Finding.UNKNOWN, "", why)
    finding, why, evidence = _measured(control, requirement, policy, facts, now)
    reason = Reason(control.id, finding, control.statement, why, evidence)
    return reason if finding is Finding.MET else _waived(reason, control, facts, now)


def parameters_of(control: Control, requirement: Requirement) -> dict[str, Any]:
    """Return the parameters that the check must have been run with: the control's, overlaid by the policy's."""
    return {**control.parameters, **requirement.parameters}


def _measured(
    control: Control, requirement: Requirement, policy: Policy, facts: Facts, now: datetime
) -> tuple[Finding, str, tuple[str, ...]]:
    wanted = canonical(parameters_of(control, requirement))
    about = [
        fact
        for fact in facts.evidence
        if fact.record.check == control.check
        and fact.record.sample_role == requirement.sample_role
        and canonical(fact.record.parameters) == wanted
    ]
    life = timedelta(days=policy.maximum_evidence_age_days)
    if not about:
        return _absent(control, requirement, facts, now, life)
    limit = control.limit if requirement.limit is None else replace(control.limit, value=requirement.limit)
    judged = [(*_judged(fact, limit, now, life), fact) for fact in newest_by_sample(about)]
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


def _judged(fact: Fact[Evidence], limit: Limit, now: datetime, life: timedelta) -> tuple[Finding, str]:
    measured = f"the evidence of {fact.at:%Y-%m-%d %H:%M}"
    if fact.at - now > SKEW:
        return Finding.UNKNOWN, f"{measured} is from the future: a clock is wrong"
    if now - fact.at >= life:
        return Finding.STALE, f"{measured} is older than the {life / DAY:g} days that the policy allows"
    if fact.record.outcome is not Outcome.MEASURED:
        return Finding.NOT_MEASURED, f"could not be measured: {fact.record.reason}"
    return judge(limit, fact.record.figures)


def _absent(
    control: Control, requirement: Requirement, facts: Facts, now: datetime, life: timedelta
) -> tuple[Finding, str, tuple[str, ...]]:
    if requirement.sample_role == WINDOW and not any(now - release.at >= life for release in facts.releases):
        return Finding.MET, "asked of windows of live traffic; the first is not due yet", ()
    return Finding.MISSING, f"no evidence of check {control.check} on a {requirement.sample_role} sample", ()


def newest_by_sample(facts: Iterable[Fact[Evidence]]) -> list[Fact[Evidence]]:
    """Return the newest evidence of each sample name; where several are of one moment all, so that the worst speaks."""
    newest: dict[str, list[Fact[Evidence]]] = {}
    for fact in sorted(facts, key=age_key):
        known = newest.get(fact.record.sample_name, [])
        newest[fact.record.sample_name] = [*(other for other in known if other.at == fact.at), fact]
    return [fact for group in newest.values() for fact in group]


def age_key(fact: Fact[Any]) -> tuple[datetime, str]:
    """Sort facts by age; the digest breaks ties, so that the order of records never matters."""
    return fact.at, fact.digest


def _waived(reason: Reason, control: Control, facts: Facts, now: datetime) -> Reason:
    offered = sorted(
        (fact for fact in facts.waivers if fact.record.control == control.id),
        key=lambda fact: (fact.record.expires_at, fact.digest),
        reverse=True,
    )
    objections = [_objection(fact, control, reason, facts.authors, now) for fact in offered]
    for fact, objection in zip(offered, objections, strict=True):
        if not objection:
            leave = f"waived until {fact.record.expires_at:%Y-%m-%d} ({fact.record.compensating_control})"
            why = f"{leave}; without the waiver: {reason.explanation}"
            return replace(reason, finding=Finding.WAIVED, explanation=why, evidence=(*reason.evidence, fact.digest))
    if objections:
        return replace(reason, explanation=f"{reason.explanation} (a waiver does not count: {objections[0]})")
    return reason


def _objection(fact: Fact[Waiver], control: Control, reason: Reason, authors: frozenset[str], now: datetime) -> str:
    """Say why a waiver does not count; empty where it does."""
    people = {fact.person, fact.record.requested_by.removeprefix(LOCAL)} - {""}
    if reason.finding is Finding.UNKNOWN:
        return "what cannot be decided cannot be waived, since nobody knows what would be waived"
    if not control.waivable:
        return "this control is not waivable"
    if len(people) != 2:
        return "one person must ask for it and another grant it"
    if people & authors:
        return f"{min(people & authors)} is an author of this version"
    return "" if now < fact.record.expires_at else f"it expired at {fact.record.expires_at:%Y-%m-%d %H:%M}"


def good_until(policy: Policy, facts: Facts, decision: Decision) -> tuple[datetime, ...]:
    """Return the moments at which what an allowing decision rests on expires: its evidence and its waivers."""
    life = timedelta(days=policy.maximum_evidence_age_days)
    met = {name for reason in decision.reasons if reason.finding is Finding.MET for name in reason.evidence}
    waived = {name for reason in decision.reasons if reason.finding is Finding.WAIVED for name in reason.evidence}
    return (
        *(fact.at + life for fact in facts.evidence if fact.digest in met),
        *(fact.record.expires_at for fact in facts.waivers if fact.digest in waived),
    )
