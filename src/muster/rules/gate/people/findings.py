"""Findings: whether what validators found wrong with a version, or its use case, is still open, and blocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from muster.records.decision import Finding, Reason
from muster.records.entry import person_of
from muster.records.governance.findings import ClosedFinding, OpenedFinding, ReopenedFinding
from muster.records.policy import Policy
from muster.rules.gate.facts import Fact, Facts, age_key


def findings(policy: Policy, facts: Facts, now: datetime) -> Iterator[Reason]:
    """Give the reason about open findings, where the policy says that some keep a version from being released."""
    if not policy.blocking_findings:
        return
    grave = [severity.value for severity in dict.fromkeys(policy.blocking_findings)]
    statement = f"No finding of severity {' or '.join(grave)} is open."
    known = sorted(facts.findings, key=age_key)
    still = [(fact, note) for fact in known for is_open, note in [open_now(fact, facts)] if is_open]
    blocking = [(fact, note) for fact, note in still if fact.record.severity in policy.blocking_findings]
    if blocking:
        why = "; ".join(_told(fact, note, now) for fact, note in blocking)
        yield Reason("findings", Finding.NOT_MET, statement, why, tuple(fact.digest for fact, _ in blocking))
        return
    why = f"{len(known) - len(still)} closed, {len(still)} of less weight open" if known else "none was ever opened"
    yield Reason("findings", Finding.MET, statement, why, tuple(fact.digest for fact in known))


def open_now(fact: Fact[OpenedFinding], facts: Facts) -> tuple[bool, str]:
    """Tell whether a finding is open, with why a closing that somebody wrote does not count.

    A reopening of the same moment as a closing wins: what cannot be told apart stays open.
    """
    about = [step for step in facts.finding_steps if step.record.finding == fact.record.id]
    about = [step for step in about if step.record.about == fact.record.about]
    reopened = max((step.at for step in about if isinstance(step.record, ReopenedFinding)), default=None)
    note = ""
    for step in sorted(about, key=age_key):
        if not isinstance(step.record, ClosedFinding) or (reopened is not None and step.at <= reopened):
            continue
        note = objection(step.person, fact.record, facts)
        if not note and step.at >= fact.at:
            return False, ""
    return True, note


def objection(person: str, finding: OpenedFinding, facts: Facts) -> str:
    """Say why somebody may not close a finding; empty where they may. Nobody judges work of their own."""
    if person in facts.authors:
        return f"{person} is an author of the version and may not close it"
    owners = {person_of(finding.owner)} | {person_of(fact.record.owner) for fact in facts.use_cases}
    return f"{person} owns the work and may not close it" if person in owners else ""


def _told(fact: Fact[OpenedFinding], note: str, now: datetime) -> str:
    said = fact.record
    overdue = ", OVERDUE" if now >= said.due_at else ""
    where = "" if said.about.startswith("version:") else " on the use case"
    closing = f" (a closing does not count: {note})" if note else ""
    whose = f"{said.severity.value}{where}, {said.owner} by {said.due_at:%Y-%m-%d}{overdue}"
    return f"{said.id} ({whose}): {said.title}{closing}"
