"""Controls: what may be demanded, in words, with what measures it, who asks for it, and how well that is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from muster.lifecycle.desk.action import view
from muster.lifecycle.desk.context import Context
from muster.lifecycle.library.reading import day_of, library_on, policies_in_force
from muster.records.governance.clauses import Clause, Objective
from muster.records.policy import Control, Library, Policy
from muster.rules.coverage.means import clauses_of, confidence_of, family_of, jurisdictions_of, regime_of, regimes_of
from muster.rules.coverage.timing import in_words
from muster.rules.gate.dates import untimely_on
from muster.rules.gate.limits import phrase
from muster.rules.gate.measured import demands_of, limit_of
from muster.rules.policies.words import selected


@dataclass(frozen=True, slots=True)
class ControlLine:
    """A control, or an objective that no control measures, in a list."""

    id: str
    family: str
    statement: str
    answered_by: str
    """The check that measures it, or what else answers it: gate, gateway, guard, ledger, record, person, nothing."""
    limit: str
    regimes: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    state: str
    """``in force``, or from when or until when it is; ``not covered`` where nothing answers it."""


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause that asks for a control."""

    id: str
    summary: str
    source: str
    standing: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ControlPage:
    """Everything that the library says of a control or an objective, and what is made of it here."""

    id: str
    statement: str
    family: str
    objective: str
    measured_by: str
    evidence: str
    """What would meet it."""
    limit: str
    source: str
    waivable: bool
    applies_to: str
    jurisdictions: tuple[str, ...]
    state: str
    supersedes: tuple[str, ...]
    demanded_by: tuple[str, ...]
    """Policies in force that demand it, with their own limit."""
    confidence: str
    clauses: tuple[ClauseLine, ...]
    not_covered: tuple[str, ...]
    notice: str


@view("control list")
def control_list(
    context: Context, regime: str = "", family: str = "", as_of: str = "", library: str = ""
) -> tuple[ControlLine, ...]:
    """List what the control library has: controls that a policy may demand, and objectives that the house answers.

    Parameters
    ----------
    regime
        Only what this law, rule or standard asks for, such as ``AIA``; `muster regime list` names them.
    family
        Only of this family, such as ``fairness``.
    as_of
        The day (YYYY-MM-DD) of library and law; today where nothing is said.
    library
        Name of the library; the one adopted last where nothing is said.
    """
    day = day_of(context, as_of)
    held = library_on(context, day, library)
    _require_known(regime, {regime_of(clause) for clause in held.clauses}, "regime", "muster regime list")
    lines = (*(_control_line(each, held, day) for each in held.controls), *_objective_lines(held))
    found = tuple(line for line in lines if not regime or regime in line.regimes)
    _require_known(family, {line.family for line in lines}, "family", "muster control list")
    return tuple(line for line in found if not family or line.family == family)


@view("control explain")
def control_explain(context: Context, id: str, as_of: str = "", library: str = "") -> ControlPage:  # noqa: A002 - the field's word
    """Explain a control or an objective in words: what measures it, its limit, who asks for it and who demands it here.

    Parameters
    ----------
    id
        Id of the control, such as ``impact-ratio-age``, or of an objective, such as ``GOV-01``.
    as_of
        The day (YYYY-MM-DD) of library and law; today where nothing is said.
    library
        Name of the library; the one adopted last where nothing is said.
    """
    day = day_of(context, as_of)
    held = library_on(context, day, library)
    objectives = {each.id: each for each in held.objectives}
    if (control := held.control(id)) is not None:
        return _of_control(control, objectives.get(control.objective), held, policies_in_force(context), day)
    if id in objectives:
        return _of_objective(objectives[id], held, day)
    heirs = [each.id for each in held.controls if id in each.supersedes]
    rest = f"; {', '.join(heirs)} came in its place" if heirs else "; `muster control list` shows what it has"
    msg = f"library {held.name!r} has no control {id!r}{rest}"
    raise LookupError(msg)


def _require_known(given: str, known: Iterable[str], noun: str, where: str) -> None:
    if given and given not in known:
        msg = f"no {noun} is called {given!r}; there are {', '.join(sorted(known))} ({where})"
        raise LookupError(msg)


def state_of(control: Control, day: str) -> str:
    """Say whether a control is in force on a day, or from when or until when it is."""
    why = untimely_on(control, day)
    return why.removeprefix(f"{control.id} is ").removeprefix(f"{control.id} was ") or "in force"


def _control_line(control: Control, library: Library, day: str) -> ControlLine:
    regimes, places = regimes_of(control, library), jurisdictions_of(control, library)
    told = control.check, phrase(control.limit), regimes, places, state_of(control, day)
    return ControlLine(control.id, family_of(control, library), control.statement, *told)


def _objective_lines(library: Library) -> Iterable[ControlLine]:
    """Yield the objectives that the house answers itself, or that nothing does; the others are told by controls."""
    measured = {control.objective for control in library.controls}
    known = {clause.id: clause for clause in library.clauses}
    for each in library.objectives:
        if each.id not in measured:
            clauses = [known[name] for name in each.clauses if name in known]
            regimes = tuple(dict.fromkeys(regime_of(clause) for clause in clauses))
            places = tuple(dict.fromkeys(place for clause in clauses for place in clause.jurisdictions))
            state = "in force" if each.facts else "not covered"
            yield ControlLine(each.id, each.family, each.statement, each.answered_by.value, "", regimes, places, state)


def _of_control(
    control: Control, objective: Objective | None, library: Library, policies: Iterable[Policy], day: str
) -> ControlPage:
    told = ", ".join(f"{name} {value}" for name, value in control.parameters.items())
    where = control.applies_to
    return ControlPage(
        id=control.id,
        statement=control.statement,
        family=family_of(control, library),
        objective=f"{objective.id}: {objective.statement}" if objective else "",
        measured_by=f"check {control.check}{told and f' with {told}'}",
        evidence=f"figures of {control.check} on a sample, not older than the policy allows, that meet the limit",
        limit=phrase(control.limit),
        source=control.source or "an engineering default of ours; a policy may set its own",
        waivable=control.waivable,
        applies_to=", ".join(line.strip() for _, line in [*selected(where, "")][1:]) if where else "every use case",
        jurisdictions=jurisdictions_of(control, library),
        state=state_of(control, day),
        supersedes=control.supersedes,
        demanded_by=tuple(_demands(control, policies)),
        confidence=confidence_of(control, library).value,
        clauses=tuple(_clause(clause, day) for clause in clauses_of(control, library)),
        not_covered=(objective.gap,) if objective and objective.gap else (),
        notice=library.notice,
    )


def _of_objective(objective: Objective, library: Library, day: str) -> ControlPage:
    clauses = [clause for clause in library.clauses if clause.id in objective.clauses]
    controls = [control.id for control in library.controls if control.objective == objective.id]
    by = f"answered by {objective.answered_by.value}" if objective.facts or controls else "nothing"
    shown = f"the records must show: {', '.join(objective.facts)}" if objective.facts else "nothing that is read here"
    return ControlPage(
        id=objective.id,
        statement=objective.statement,
        family=objective.family,
        objective="",
        measured_by=f"controls {', '.join(controls)}" if controls else by,
        evidence=f"evidence that meets {', '.join(controls)}" if controls else shown,
        limit="",
        source="",
        waivable=False,
        applies_to="every use case that its clauses speak of",
        jurisdictions=tuple(dict.fromkeys(place for clause in clauses for place in clause.jurisdictions)),
        state="in force" if objective.facts or controls else "not covered",
        supersedes=(),
        demanded_by=(),
        confidence=min((clause.confidence.value for clause in clauses), default="unverified", key="unverified".__ne__),
        clauses=tuple(_clause(clause, day) for clause in clauses),
        not_covered=(objective.gap,) if objective.gap else (),
        notice=library.notice,
    )


def _demands(control: Control, policies: Iterable[Policy]) -> Iterable[str]:
    for policy in policies:
        for each in demands_of(policy):
            if each.control == control.id:
                yield f"{policy.id}, {policy.environment}, on {each.sample_role}: {phrase(limit_of(control, each))}"


def _clause(clause: Clause, day: str) -> ClauseLine:
    return ClauseLine(clause.id, clause.summary, clause.source, in_words(clause, day), clause.confidence.value)
