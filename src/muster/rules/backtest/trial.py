"""Trial: the gate's answer without the words that nobody will read; what is open is said as the gate says it.

It answers as :func:`muster.rules.gate.decide.decide` does, open demands and their explanations included (a property
test holds the two against each other), but works out once for each policy what does not depend on the version.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.records.canonical import canonical
from muster.records.decision import SETTLED, Finding, Reason, Verdict
from muster.records.evidence import Evidence
from muster.records.policy import Control, Library, Limit, Policy, Requirement
from muster.rules.backtest.inventory import Known, Measure
from muster.rules.gate.applicability import spared
from muster.rules.gate.dates import outlived
from muster.rules.gate.decide import adopted, heard_by, parity, standing_of_question, verdict_of
from muster.rules.gate.facts import Fact, Facts, record_digest
from muster.rules.gate.measured import (
    asked_in,
    demand_of,
    demands_of,
    held,
    life_of,
    limit_of,
    newest_by_sample,
    parameters_of,
    placed,
    plainly_met,
)
from muster.rules.gate.people.emergency import excused
from muster.rules.gate.people.findings import findings
from muster.rules.gate.people.separation import makers, unknown_makers
from muster.rules.gate.people.signoff import sign_offs
from muster.rules.gate.people.waived import waived
from muster.rules.gate.sense import nonsense


@dataclass(frozen=True, slots=True)
class Ask:
    """One control that a policy asks for, with everything that is the same for all versions."""

    demand: str
    requirement: Requirement
    control: Control
    measure: Measure
    limit: Limit
    life: timedelta


@dataclass(frozen=True, slots=True)
class Terms:
    """A policy with its library, made ready to be asked about many versions."""

    policy: Policy
    library: Library
    problem: str
    asks: tuple[Ask, ...]
    unknown: tuple[Reason, ...]
    """Controls that the library does not have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict, and the reasons that are open."""

    verdict: Verdict
    open: tuple[Reason, ...]


def terms_of(policy: Policy, library: Library) -> Terms:
    """Make a policy ready."""
    asks: list[Ask] = []
    unknown: list[Reason] = []
    for requirement in demands_of(policy):
        control = library.control(requirement.control)
        if control is None:
            why = f"{policy.id} demands control {requirement.control!r}, which library {library.name!r} does not have"
            unknown.append(Reason(requirement.control, Finding.UNKNOWN, "", why))
            continue
        measure = control.check, requirement.sample_role, canonical(parameters_of(control, requirement))
        limit, life = limit_of(control, requirement), life_of(requirement, policy)
        asks.append(Ask(demand_of(requirement), requirement, control, measure, limit, life))
    return Terms(policy, library, nonsense(policy), tuple(asks), tuple(unknown))


def sharing(terms: Terms, others: Iterable[Terms]) -> Terms:
    """Return the terms with the very asks of others in the place of equal ones, so that one answer does for both."""
    there = [ask for other in others for ask in other.asks]
    return replace(terms, asks=tuple(next((each for each in there if each == ask), ask) for ask in terms.asks))


def answer(
    terms: Terms, known: Known, now: datetime, signed_under: Terms | None = None, met: set[int] | None = None
) -> Answer:
    """Answer the question about a version as the gate does.

    Parameters
    ----------
    signed_under
        The policy whose sign-offs are taken as if they had been given under this one; none: only its own count.
    met
        Identities of asks that this version is known to meet at this moment; those that it meets are added.
    """
    policy = terms.policy
    if terms.problem:
        why = f"{policy.id}: {terms.problem}"
        return Answer(Verdict.REFUSE, (Reason("policy", Finding.UNKNOWN, "The policy makes sense.", why),))
    facts = heard_by(policy, known.facts)
    signed = facts if signed_under is None else _carried(facts, signed_under, terms)
    reasons = (
        *standing_of_question(policy, known.question, facts),
        *adopted(policy, facts),
        *outlived(policy, terms.library, now),
        *terms.unknown,
        *_open_demands(terms, known, facts, now, set() if met is None else met),
        *parity(policy, facts),
        *unknown_makers(policy, facts),
        *findings(policy, facts, now),
        *excused(sign_offs(policy, terms.library, signed, now), policy, terms.library, signed, now),
    )
    return Answer(verdict_of(reasons), tuple(reason for reason in reasons if reason.finding not in SETTLED))


def open_on(ask: Ask, terms: Terms, known: Known, now: datetime) -> Reason | None:
    """Return the reason about one control that is open at a moment; None where it is settled."""
    found = _open_demands(replace(terms, asks=(ask,)), known, heard_by(terms.policy, known.facts), now, set())
    return next((reason for reason in found if reason.finding not in SETTLED), None)


def _open_demands(terms: Terms, known: Known, facts: Facts, now: datetime, met: set[int]) -> Iterator[Reason]:
    """Yield a reason for each control that is not plainly met."""
    whole = facts is known.facts
    for ask in terms.asks:
        if (whole and id(ask) in met) or not asked_in(ask.requirement, known.question.scope):
            continue
        found = known.measures.get(ask.measure, ()) if whole else _heard(ask, facts)
        about = tuple(fact for fact in found if placed(fact, terms.policy))
        if not (about and plainly_met(ask.limit, ask.life, about, now)):
            yield from _unmet(ask, terms.policy, about, facts, now)
        elif whole:
            met.add(id(ask))


def _unmet(
    ask: Ask, policy: Policy, about: tuple[Fact[Evidence], ...], facts: Facts, now: datetime
) -> Iterator[Reason]:
    if spared(ask.control, facts, now):
        return
    finding, why, evidence = held(ask.control, ask.requirement, policy, about, facts, now)
    reason = Reason(ask.demand, finding, ask.control.statement, why, evidence)
    yield reason if finding is Finding.MET else waived(reason, ask.control, facts, now, makers(policy, facts))


def _heard(ask: Ask, facts: Facts) -> tuple[Fact[Evidence], ...]:
    return tuple(newest_by_sample(fact for fact in facts.evidence if _is_of(ask, fact.record)))


def _is_of(ask: Ask, evidence: Evidence) -> bool:
    check, role, parameters = ask.measure
    return (evidence.check, evidence.sample_role) == (check, role) and canonical(evidence.parameters) == parameters


def _carried(facts: Facts, before: Terms, after: Terms) -> Facts:
    """Return the facts as if people had signed under the new policy and library what they signed under the old."""
    old = record_digest(before.policy), record_digest(before.library)
    policy, library = record_digest(after.policy), record_digest(after.library)
    if old == (policy, library):
        return facts
    kept = (
        replace(fact, record=replace(fact.record, policy=policy, library=library))
        if (fact.record.policy, fact.record.library) == old
        else fact
        for fact in facts.approvals
    )
    return replace(facts, approvals=tuple(kept))
