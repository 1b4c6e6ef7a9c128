"""Report: clause by clause of a regime, whether anything answers it, whether it is demanded here, and what shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muster.records.decision import SETTLED, Finding, Reason
from muster.records.evidence import ATTESTED
from muster.records.governance.clauses import Clause
from muster.records.policy import Control, Library, Policy, Requirement
from muster.records.purpose import UseCase
from muster.rules.coverage.house.facts import FACTS
from muster.rules.coverage.house.known import Known, Shown
from muster.rules.coverage.means import Means, answering, concerns, regime_of
from muster.rules.coverage.timing import BINDING, in_words, timing
from muster.rules.gate.applicability import control_applies
from muster.rules.gate.dates import untimely
from muster.rules.gate.measured import TRIAL, demand_of, demands_of, measured
from muster.rules.gate.people.waived import waived
from muster.rules.gate.sense import TRAFFIC


class Covered(StrEnum):
    """How far a clause is answered."""

    SHOWN = "shown"
    """By fresh evidence that meets what is demanded, or by a fact that records show."""
    WAIVED = "waived"
    """Not met, and let pass for a time."""
    OPEN = "open"
    """Demanded, and not met, or too old, or not measured."""
    ASKED = "asked"
    """A policy here demands it; of which version was not asked."""
    NOT_ASKED = "not-asked"
    """Something could answer it, but no policy here demands that, and no record shows it."""
    NOTHING = "nothing"
    """Nothing here answers it."""
    NOT_YET = "not-yet"
    """Not in force on that day, or no longer."""
    NOT_CONCERNED = "not-concerned"
    """It speaks of other use cases."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One control or fact that answers a clause, and how it came out for a version."""

    by: str
    """Id of the control, or name of the fact."""
    demanded_by: tuple[str, ...]
    """Policies that demand it."""
    finding: str
    """Of the gate's words; ``shown`` or ``lacking`` for a fact; empty where no version was named."""
    why: str


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One clause, and how far it is answered."""

    clause: str
    summary: str
    standing: str
    """How it stands on that day, such as ``from 2 Dec 2027``."""
    confidence: str
    covered: Covered
    answers: tuple[Answer, ...]
    gaps: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about: a use case, or one version of a model for it, or the house as a whole."""

    use_case: UseCase | None = None
    known: Known | None = None


def lines(
    library: Library, regime: str, policies: Sequence[Policy], subject: Subject, today: str, now: datetime
) -> tuple[CoverageLine, ...]:
    """Return a line for each clause of a regime, in the order of the library.

    Parameters
    ----------
    policies
        Those in force that are asked of: for the use case, or all.
    today
        The day (YYYY-MM-DD) of which the law is looked at; evidence is that of ``now``.
    """
    asked = [clause for clause in library.clauses if regime_of(clause) == regime]
    return tuple(line_of(library, clause, policies, subject, today, now) for clause in asked)


def counts(found: Sequence[CoverageLine]) -> Mapping[str, int]:
    """Count the lines by how far they are covered, in the order of :class:`Covered`."""
    counted = Counter(line.covered for line in found)
    return {each.value: counted[each] for each in Covered if counted[each]}


def line_of(
    library: Library, clause: Clause, policies: Sequence[Policy], subject: Subject, today: str, now: datetime
) -> CoverageLine:
    """Return the line of one clause; parameters as for :func:`lines`."""
    regimes = {each.id: each for each in library.regimes}
    concerned, why = concerns(clause, regimes, subject.use_case) if subject.use_case else (True, "")
    means = answering(library)[clause.id]
    answers = tuple(answers_of(means, policies, subject, now))
    covered = _covered(answers, means, subject)
    if not concerned:
        covered = Covered.NOT_CONCERNED
    elif timing(clause, today) not in BINDING:
        covered = Covered.NOT_YET
    standing, confidence = in_words(clause, today), clause.confidence.value
    return CoverageLine(clause.id, clause.summary, standing, confidence, covered, answers, means.gaps, why)


def answers_of(means: Means, policies: Sequence[Policy], subject: Subject, now: datetime) -> Iterator[Answer]:
    """Yield each control and fact that answers, and how it came out."""
    for control in means.controls:
        if subject.use_case and not control_applies(control, subject.use_case)[0]:
            continue
        demands = [(p, each) for p in policies for each in demands_of(p) if each.control == control.id]
        names = tuple(dict.fromkeys(policy.id for policy, _ in demands))
        yield Answer(control.id, names, *outcome(control, demands, subject.known, now))
    for fact in means.facts:
        shown = FACTS[fact](subject.known) if subject.known and fact in FACTS else None
        yield Answer(fact, (), _word(shown), shown.why if shown else "")


def outcome(
    control: Control, demands: Sequence[tuple[Policy, Requirement]], known: Known | None, now: datetime
) -> tuple[str, str]:
    """Return how a control came out for a version: the worst of all demands; where none demands it, what was measured.

    A control that is to come is held against what is there already.
    """
    if known is None:
        return "", untimely(control, now)
    family = control.check.partition(".")[0]
    role = {ATTESTED: ATTESTED, TRAFFIC: TRIAL}.get(family, Requirement(control.id).sample_role)
    asked = demands or [(known.policy, Requirement(control.id, sample_role=role))]
    reasons = [_judged(control, requirement, policy, known, now) for policy, requirement in asked]
    worst = min(reasons, key=lambda reason: (reason.finding in SETTLED, reason.finding is Finding.MET))
    return worst.finding.value, worst.explanation


def _judged(control: Control, requirement: Requirement, policy: Policy, known: Known, now: datetime) -> Reason:
    finding, why, evidence = measured(control, requirement, policy, known.facts, now)
    reason = Reason(demand_of(requirement), finding, control.statement, why, evidence)
    return reason if finding is Finding.MET else waived(reason, control, known.facts, now)


def _word(shown: Shown | None) -> str:
    if shown is None:
        return ""
    return "shown" if shown.holds else "lacking"


def _covered(answers: Sequence[Answer], means: Means, subject: Subject) -> Covered:
    """Judge a clause by what is demanded for it; where nothing is, by what shows it all the same."""
    if not means.controls and not means.facts:
        return Covered.NOTHING
    demanded = [answer for answer in answers if answer.demanded_by]
    if subject.known is None:
        return Covered.ASKED if demanded else Covered.NOT_ASKED
    findings = {answer.finding for answer in demanded}
    if findings - SETTLED:
        return Covered.OPEN
    if Finding.WAIVED in findings:
        return Covered.WAIVED
    shown = any(answer.finding in {Finding.MET, "shown"} for answer in answers)
    return Covered.SHOWN if demanded or shown else Covered.NOT_ASKED
