"""Monitor: the same checks over windows of live traffic, with late outcomes; the evidence goes back to the gate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from muster.lifecycle.desk.action import Upload, action
from muster.lifecycle.desk.asking import ask, find_version, library_of, policy_for
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.beside import Apart, beside_people, join_personal
from muster.lifecycle.desk.models.logged import logged
from muster.ports.log import INPUT
from muster.records.canonical import parse
from muster.records.decision import Decision, Question
from muster.records.evidence import Evidence, Outcome, ReferenceProfile
from muster.records.model import ModelVersion
from muster.records.people import Role
from muster.records.policy import Control, Requirement
from muster.records.purpose import UseCase
from muster.rules.gate.measured import WINDOW, demands_of, parameters_of

if TYPE_CHECKING:
    from muster.columns.sample import Sample
    from muster.columns.window import Joined


@dataclass(frozen=True, slots=True)
class Window:
    """What a window of live decisions showed, and what the gate says of the version with that."""

    deployment: str
    version: str
    decisions: int
    """Decisions whose outcome is known: what was measured."""
    without_outcome: int
    unknown_decisions: int
    """Outcomes for decisions that the log does not hold."""
    evidence: tuple[Evidence, ...]
    decision: Decision
    referred: int = 0
    """Decisions that were left to a person; they are in none of the other numbers."""


@action("monitor window", roles=(Role.OPERATOR, Role.VALIDATOR, Role.ML_ENGINEER))
def window(
    context: Context, deployment: str, version: str, outcomes: Upload, environment: str = "production"
) -> Window:
    """Join the inference log with late outcomes, measure what the policy asks of windows, and ask the gate again.

    Inputs that are kept apart are joined for operators and validators; where they are gone or sealed, what needs them
    is not measured and says so.

    Parameters
    ----------
    deployment
        Name under which the decisions were made.
    outcomes
        CSV or Parquet with ``decision_id``, the target column, and the attributes that people are grouped by.
    """
    from muster.columns.tables import read_table
    from muster.columns.window import decisions_of, join_known

    context.house.ledger.refresh()
    found = find_version(context, version)
    context.progress(f"joining the log of {deployment} with {outcomes.name}")
    known = read_table(outcomes.content, outcomes.name)
    asked = _asked_of(context, found, environment)
    inputs = found.manifest.recipe.inputs
    decisions = decisions_of(logged(context, deployment), version=found.digest, prefix=INPUT, inputs=inputs)
    decisions, apart = join_personal(context, found, deployment, decisions)
    joined = join_known(decisions, known)
    samples = {}
    if any(not _of_all(control) for control, _ in asked):
        _require_outcomes(joined, outcomes.name, deployment)
        samples[False] = _sample(context, found, deployment, joined.table, apart)
    if any(_of_all(control) for control, _ in asked):
        everything = beside_people(context, deployment, decisions, known)
        samples[True] = _sample(context, found, deployment, everything, apart, labelled=False)
    evidence = tuple(
        _explained(_measure(context, found, samples[_of_all(control)], control, requirement), apart)
        for control, requirement in asked
    )
    _require_allowed(evidence, apart)
    context.record(*evidence)
    question = Question(found.digest, found.use_case, environment)
    return Window(
        deployment,
        found.digest,
        joined.table.num_rows,
        joined.without_outcome,
        joined.unknown_decisions,
        evidence,
        ask(context, question).decision,
        joined.referred,
    )


def _require_outcomes(joined: Joined, name: str, deployment: str) -> None:
    if not joined.table.num_rows:
        msg = f"none of the {joined.unknown_decisions:,} outcomes in {name} is of a decision of {deployment}"
        raise ValueError(msg)


def _require_allowed(evidence: tuple[Evidence, ...], apart: Apart) -> None:
    """Refuse before anything is recorded: what somebody may not look at shall not stop what is served."""
    if apart.denied and (reasons := [each.reason for each in evidence if each.outcome is not Outcome.MEASURED]):
        raise PermissionError(reasons[0])


def _sample(
    context: Context, version: ModelVersion, deployment: str, table: Any, apart: Apart, *, labelled: bool = True
) -> Sample:
    from muster.columns.profile import Profile
    from muster.columns.sample import Sample
    from muster.columns.tables import to_parquet

    # What is kept apart stays apart: it is looked at here, and not kept a second time.
    digest = context.house.blobs.put(to_parquet(table.drop_columns(list(apart.joined))))
    frozen = context.history(ReferenceProfile, f"version:{version.digest}")
    reference = Profile.from_body(parse(context.house.blobs.get(frozen[-1][1].profile))) if frozen else None
    manifest = version.manifest
    use_case = context.latest(UseCase, f"use-case:{version.use_case}")
    sample = Sample.of(
        table,
        "score",
        manifest.decision,
        name=deployment,
        digest=digest,
        role=WINDOW,
        inputs=[name for name in manifest.recipe.inputs if name not in apart.absent],
        target=manifest.recipe.target if labelled else "",
        positive=manifest.recipe.positive,
        favourable="favourable" if labelled else None,
        reference=reference,
    )
    # A check that reads an input which is not here fails on it; with fewer inputs it would measure something else.
    return replace(sample.beside(value=use_case.value), inputs=tuple(manifest.recipe.inputs))


def _asked_of(context: Context, version: ModelVersion, environment: str) -> tuple[tuple[Control, Requirement], ...]:
    use_case = context.latest(UseCase, f"use-case:{version.use_case}")
    policy, _ = policy_for(context, use_case, environment)
    library, _ = library_of(context, policy)
    asked = tuple(
        (control, requirement)
        for requirement in demands_of(policy)
        if (control := library.control(requirement.control)) is not None and requirement.sample_role == WINDOW
    )
    if not asked:
        msg = f"policy {policy.id!r} asks nothing of windows: add a monitor, or a requirement of sample_role: {WINDOW}"
        raise ValueError(msg)
    return asked


def _of_all(control: Control) -> bool:
    """Tell whether a control looks at all decisions, also those of which no outcome is known."""
    from muster.checks.registry import CHECKS

    return control.check in CHECKS and CHECKS[control.check].every_decision


def _measure(
    context: Context, version: ModelVersion, sample: Sample, control: Control, requirement: Requirement
) -> Evidence:
    from muster.checks.evidence import evidence_of

    context.progress(f"measuring {control.id} ({control.check})")
    return evidence_of(version.digest, control.check, parameters_of(control, requirement), sample)


def _explained(evidence: Evidence, apart: Apart) -> Evidence:
    """Say of what could not be measured that inputs are not available, if they are not."""
    if evidence.outcome is Outcome.MEASURED or not apart.absent:
        return evidence
    return replace(evidence, reason=f"not available: {apart.why} ({evidence.reason})")
