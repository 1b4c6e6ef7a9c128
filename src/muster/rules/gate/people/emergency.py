"""Emergency: sign-offs that are still missing are excused for a set time, on the signed word of somebody who may.

Only sign-offs: what is measured must be met, in an emergency as ever. The time runs from the first such statement,
whether or not that one counts now, so that neither signing another nor adopting the policy anew makes it longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from muster.records.decision import Decision, Finding, Reason
from muster.records.governance.emergency import Emergency
from muster.records.policy import Library, Policy
from muster.rules.gate.facts import Fact, Facts, record_digest
from muster.rules.gate.measured import SKEW
from muster.rules.gate.people.separation import makers


def excused(
    reasons: Iterable[Reason], policy: Policy, library: Library, facts: Facts, now: datetime
) -> Iterator[Reason]:
    """Yield the reasons about sign-offs; those that are missing as waived, while an emergency statement counts."""
    said = sorted(facts.emergencies, key=lambda fact: (_since(fact), fact.digest))
    objections = [objection(fact, policy, library, facts) or _early(fact, now) for fact in said]
    counting = [fact for fact, why in zip(said, objections, strict=True) if not why]
    for reason in reasons:
        if reason.finding is not Finding.MISSING or not reason.demand.startswith("sign-off:") or not said:
            yield reason
        elif not counting:
            yield _beside(reason, objections[0])
        else:
            yield _waived(reason, counting[0], due_at(said[0], policy), now)


def objection(fact: Fact[Emergency], policy: Policy, library: Library, facts: Facts) -> str:
    """Say why a statement does not let the version out, whatever the time; empty where it does."""
    said, terms = fact.record, policy.emergency
    if terms is None:
        return f"{policy.id} knows no emergency releases"
    if said.role not in {role.value for role in terms.released_by}:
        return f"{said.approver} signed as {said.role}; {policy.id} wants {' or '.join(terms.released_by)}"
    if policy.separation_of_duties and said.approver in makers(policy, facts):
        return f"{said.approver} is an author of this version"
    if said.policy != record_digest(policy):
        return f"{said.approver} signed under another version of the policy"
    if said.library != record_digest(library):
        return f"{said.approver} signed under another version of the library of controls"
    return ""


def due_at(fact: Fact[Emergency], policy: Policy) -> datetime:
    """Return by when the sign-offs must be there."""
    hours = policy.emergency.sign_off_within_hours if policy.emergency else 0.0
    return _since(fact) + timedelta(hours=hours)


def due_in(policy: Policy, facts: Facts, decision: Decision) -> tuple[datetime, ...]:
    """Return until when a decision holds that lets a version out before its sign-offs; nothing where it does not."""
    rests = {name for reason in decision.reasons if reason.finding is Finding.WAIVED for name in reason.evidence}
    if not any(fact.digest in rests for fact in facts.emergencies):
        return ()
    return (due_at(min(facts.emergencies, key=_since), policy),)


def _since(fact: Fact[Emergency]) -> datetime:
    """Return from when the time runs: nobody gains by writing a later moment than the ledger's."""
    return min(fact.at, fact.record.signed_at)


def _early(fact: Fact[Emergency], now: datetime) -> str:
    """Say that a statement is from the future, by which its time would be longer; empty where it is not."""
    return f"{fact.record.approver} signed in the future: a clock is wrong" if _since(fact) - now > SKEW else ""


def _waived(reason: Reason, fact: Fact[Emergency], due: datetime, now: datetime) -> Reason:
    if now >= due:
        return _beside(reason, f"sign-offs were due by {due:%Y-%m-%d %H:%M} UTC")
    said = fact.record
    why = (
        f"EMERGENCY release by {said.approver} ({said.role}): {said.reason}; sign-offs due by "
        f"{due:%Y-%m-%d %H:%M} UTC, else it lapses; without it: {reason.explanation}"
    )
    return replace(reason, finding=Finding.WAIVED, explanation=why, evidence=(*reason.evidence, fact.digest))


def _beside(reason: Reason, why: str) -> Reason:
    return replace(reason, explanation=f"{reason.explanation} (the emergency release does not count: {why})")
