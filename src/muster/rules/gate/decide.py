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
from muster.records.decision import Decision, Finding, Question, Reason, Verdict
from muster.records.evidence import Evidence, Outcome
from muster.records.policy import Control, Library, Policy, Requirement
from muster.rules.gate.applicability import applies
from muster.rules.gate.facts import Fact, Facts
from muster.rules.gate.limits import judge
from muster.rules.gate.signoff import sign_offs

VERSION = 1
"""Version of these rules; decisions name it."""

WINDOW = "window"
"""Role of samples measured in production; asked for only once a release is out."""


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
        *sign_offs(policy, record_digest(policy), heard),
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
        if name != "rejected"
    }
    return Facts(**kept, rejected=facts.rejected)


def _standing_of_question(policy: Policy, question: Question, facts: Facts) -> Iterator[Reason]:
    statement = "The version is registered for a use case that this policy covers."
    newest = max(facts.use_cases, key=_age_key, default=None)
    if newest is None:
        yield Reason("use-case", Finding.MISSING, statement, f"no use case {question.use_case!r} is registered")
    else:
        covered, why = applies(policy, newest.record)
        yield Reason("use-case", Finding.MET if covered else Finding.NOT_MET, statement, why, (newest.digest,))
    if not facts.versions:
        why = f"no version {question.version} is registered for use case {question.use_case!r}"
        yield Reason("version", Finding.MISSING, statement, why)
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
    newest = max(facts.compilations, key=_age_key, default=None)
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
    worst: tuple[Finding, str, tuple[str, ...]] | None = None
    for newest in _newest_by_sample(about):
        finding, why = (Finding.STALE, _aged(newest, life)) if now - newest.at >= life else _held(newest.record, limit)
        if worst is None or RANK.index(finding) < RANK.index(worst[0]):
            worst = (finding, f"on {newest.record.sample_name}: {why}", (newest.digest,))
    assert worst is not None  # noqa: S101 - `about` is not empty
    return worst


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


def _held(evidence: Evidence, limit: Any) -> tuple[Finding, str]:
    if evidence.outcome is not Outcome.MEASURED:
        return Finding.NOT_MEASURED, f"could not be measured: {evidence.reason}"
    return judge(limit, evidence.figures)


def _aged(fact: Fact[Evidence], life: timedelta) -> str:
    return f"the evidence of {fact.at:%Y-%m-%d %H:%M} is older than the {life.days} days that the policy allows"


def _absent(
    control: Control, requirement: Requirement, facts: Facts, now: datetime, life: timedelta
) -> tuple[Finding, str, tuple[str, ...]]:
    if requirement.sample_role == WINDOW and not any(now - release.at >= life for release in facts.releases):
        return Finding.MET, "asked of windows of live traffic; the first is not due yet", ()
    return Finding.MISSING, f"no evidence of check {control.check} on a {requirement.sample_role} sample", ()


def _newest_by_sample(facts: Iterable[Fact[Evidence]]) -> list[Fact[Evidence]]:
    newest: dict[str, Fact[Evidence]] = {}
    for fact in sorted(facts, key=_age_key):
        newest[fact.record.sample_name] = fact
    return list(newest.values())


def _age_key(fact: Fact[Any]) -> tuple[datetime, str]:
    return fact.at, fact.digest


def _waived(reason: Reason, control: Control, facts: Facts, now: datetime) -> Reason:
    authors = {fact.person for fact in (*facts.versions, *facts.runs)}
    for fact in sorted(facts.waivers, key=_age_key):
        waiver = fact.record
        two_people = fact.person not in {waiver.requested_by, *authors}
        if waiver.control == control.id and control.waivable and two_people and now < waiver.expires_at:
            leave = f"waived until {waiver.expires_at:%Y-%m-%d} ({waiver.compensating_control})"
            why = f"{leave}; without the waiver: {reason.explanation}"
            return replace(reason, finding=Finding.WAIVED, explanation=why, evidence=(*reason.evidence, fact.digest))
    return reason
