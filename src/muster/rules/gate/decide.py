"""The gate: may this version serve? A pure function, with a reason for every demand.

Laws, each a property test: evidence that meets a requirement never turns an allow into a refusal; the order of records
does not matter; expiry is exact; a policy that demands nothing refuses; what cannot be decided refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from muster.records.decision import SETTLED, Decision, Finding, Question, Reason, Verdict
from muster.records.policy import Library, Policy, Requirement
from muster.rules.gate.applicability import applies, spared
from muster.rules.gate.dates import outlived
from muster.rules.gate.facts import Fact, Facts, age_key, record_digest
from muster.rules.gate.measured import WINDOW, asked_in, demand_of, demands_of, measured, parameters_of
from muster.rules.gate.measured import good_until as evidence_until
from muster.rules.gate.people.counting import conditions_until
from muster.rules.gate.people.emergency import due_in, excused
from muster.rules.gate.people.findings import findings
from muster.rules.gate.people.separation import NOBODY, makers, unknown_makers
from muster.rules.gate.people.signoff import assign, sign_offs
from muster.rules.gate.people.waived import waived
from muster.rules.gate.sense import nonsense

__all__ = ["VERSION", "WINDOW", "decide", "good_until", "parameters_of", "record_digest"]

VERSION = 1
"""Version of these rules; decisions name it."""


def decide(
    policy: Policy, library: Library, question: Question, facts: Facts, now: datetime, *, packaged: bool = False
) -> Decision:
    """Answer a question from the facts.

    Parameters
    ----------
    policy, library
        What is demanded, and the controls that it names.
    facts
        What the records say (:func:`muster.rules.gate.facts.gather`).
    now
        The moment of deciding, UTC.
    packaged
        Whether the facts are those of a release package. Evidence that a requirement wants young was so when the
        package was signed; what came later is not in it. The control plane asks for that whenever it issues orders,
        and leaves out of them what has lapsed. The age that the policy itself allows holds for packages, too.

    Returns
    -------
    Decision
        ALLOW only if every demand is met or waived; WAIT if only sign-offs are missing.
    """
    if problem := nonsense(policy):
        reason = Reason("policy", Finding.UNKNOWN, "The policy makes sense.", f"{policy.id}: {problem}")
        named = record_digest(policy), record_digest(library)
        return Decision(question, verdict_of([reason]), (reason,), *named, VERSION, now)
    heard = heard_by(policy, facts)
    demands = demands_of(policy, question.scope)
    asked = [replace(each, maximum_age_days=None) if packaged else each for each in demands]
    reasons = (
        *standing_of_question(policy, question, heard),
        *adopted(policy, heard),
        *outlived(policy, library, now),
        *(_requirement(requirement, policy, library, heard, now) for requirement in asked),
        *parity(policy, heard),
        *unknown_makers(policy, heard),
        *findings(policy, heard, now),
        *excused(sign_offs(policy, library, heard, now), policy, library, heard, now),
    )
    return Decision(question, verdict_of(reasons), reasons, record_digest(policy), record_digest(library), VERSION, now)


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """Return the answer that reasons make: allow where none is open, wait where only people are waited for."""
    open_demands = [reason for reason in reasons if reason.finding not in SETTLED]
    if not open_demands:
        return Verdict.ALLOW
    only_people = all(r.demand.startswith("sign-off:") and r.finding is Finding.MISSING for r in open_demands)
    return Verdict.WAIT if only_people else Verdict.REFUSE


def heard_by(policy: Policy, facts: Facts) -> Facts:
    """Leave out what was said in local mode, where the policy does not count that; what it found wrong stays."""
    if policy.local_mode:
        return facts
    kept = {
        name: tuple(fact for fact in getattr(facts, name) if not fact.local)
        for name in facts.__slots__
        if name not in WHOLE
    }
    return replace(facts, **kept)


WHOLE = frozenset({"rejected", "strays", "policy_seats", "findings"})
"""Of the facts, what is heard even where local mode does not count."""


def standing_of_question(policy: Policy, question: Question, facts: Facts) -> Iterator[Reason]:
    """Give a reason for what must hold before anything is measured: use case, version, authors, environment."""
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
    yield from _authors(facts)
    if policy.environment != question.environment:
        why = f"{policy.id} is for {policy.environment}, the question is about {question.environment}"
        yield Reason("environment", Finding.NOT_MET, "The policy is that of the environment.", why)
    if not any(asked_in(each, question.scope) for each in policy.requirements):
        before = f" of what is released to {question.scope}" if policy.requirements else ""
        why = f"{policy.id} demands no control{before}: a policy that demands nothing allows nothing"
        yield Reason("requirements", Finding.UNKNOWN, "The policy demands something.", why)


def _authors(facts: Facts) -> Iterator[Reason]:
    statement = "It is known who made the version."
    made: tuple[Fact[Any], ...] = (*facts.versions, *facts.runs)
    if unknown := sorted({fact.record.run for fact in facts.versions} - {fact.record.id for fact in facts.runs}):
        why = f"run {unknown[0]!r} is not known, so nobody can tell whether an author signs off their own work"
        yield Reason("authors", Finding.UNKNOWN, statement, why)
    elif nameless := sorted(fact.digest for fact in made if fact.person in NOBODY):
        why = f"entry {nameless[0]} names no person, so that whoever signs off may have made the version"
        yield Reason("authors", Finding.UNKNOWN, statement, why, tuple(nameless))


def adopted(policy: Policy, facts: Facts) -> Iterator[Reason]:
    """Give a reason for each role of which people must have signed the policy itself, as the trust root says."""
    signed: dict[str, dict[str, str]] = {}
    for fact in facts.policy_approvals:
        if fact.record.policy == record_digest(policy):
            signed.setdefault(fact.record.approver, {})[fact.record.role] = fact.digest
    seats = [seat.role for seat in facts.policy_seats for _ in range(seat.count)]
    taken = assign(seats, signed)
    for role in dict.fromkeys(seats):
        wanted = seats.count(role)
        people = sorted(person for seat, person in taken.items() if seats[seat] == role)
        statement = f"{wanted} {role} signed the policy, as the trust root asks."
        if len(people) == wanted:
            rests = tuple(sorted(signed[person][role] for person in people))
            yield Reason(f"policy-sign-off:{role}", Finding.MET, statement, f"signed by {', '.join(people)}", rests)
            continue
        why = "; ".join((f"{wanted - len(people)} sign-off of a {role} is missing under {policy.id}", *facts.rejected))
        yield Reason(f"policy-sign-off:{role}", Finding.MISSING, statement, why)


def parity(policy: Policy, facts: Facts) -> Iterator[Reason]:
    """Give the reason about the proof that the served form decides as the assessed one, where that is asked for."""
    compiled_only = policy.originals != "allow"
    if not policy.parity and not compiled_only:
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
    if proof.original:
        why += f"; it was not compiled, its own library serves it: {proof.original}"
    if proof.original and compiled_only:
        proven, why = False, f"{why}; {policy.id} takes compiled forms only (originals: {policy.originals})"
    yield Reason("parity", Finding.MET if proven else Finding.NOT_MET, statement, why, (newest.digest,))


def _requirement(requirement: Requirement, policy: Policy, library: Library, facts: Facts, now: datetime) -> Reason:
    control = library.control(requirement.control)
    if control is None:
        why = f"{policy.id} demands control {requirement.control!r}, which library {library.name!r} does not have"
        return Reason(requirement.control, Finding.UNKNOWN, "", why)
    demand = demand_of(requirement)
    if why := spared(control, facts, now):
        return Reason(demand, Finding.NOT_APPLICABLE, control.statement, why)
    finding, why, evidence = measured(control, requirement, policy, facts, now)
    reason = Reason(demand, finding, control.statement, why, evidence)
    return reason if finding is Finding.MET else waived(reason, control, facts, now, makers(policy, facts))


def good_until(policy: Policy, facts: Facts, decision: Decision) -> tuple[datetime, ...]:
    """Return the moments at which what an allowing decision rests on expires: evidence, waivers, time for sign-offs."""
    met = {name for reason in decision.reasons if reason.finding is Finding.MET for name in reason.evidence}
    waivers = {name for reason in decision.reasons if reason.finding is Finding.WAIVED for name in reason.evidence}
    return (
        *(evidence_until(fact, None, policy) for fact in facts.evidence if fact.digest in met),
        *(fact.record.expires_at for fact in facts.waivers if fact.digest in waivers),
        *due_in(policy, facts, decision),
        *conditions_until(facts, frozenset(met)),
    )
