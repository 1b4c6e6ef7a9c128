"""Monitor: the same checks over windows of live traffic, with late outcomes; the evidence goes back to the gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from muster.lifecycle.desk.action import Upload, action
from muster.lifecycle.desk.asking import ask, find_version, library_of, policy_for
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.logged import logged
from muster.ports.log import INPUT
from muster.records.canonical import parse
from muster.records.decision import Decision, Question
from muster.records.evidence import Evidence, ReferenceProfile
from muster.records.model import ModelVersion
from muster.records.people import Role
from muster.records.policy import Control, Requirement
from muster.records.purpose import UseCase
from muster.rules.gate.measured import WINDOW, demands_of, parameters_of

if TYPE_CHECKING:
    from muster.columns.sample import Sample


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


@action("monitor window", roles=(Role.OPERATOR, Role.VALIDATOR, Role.ML_ENGINEER))
def window(
    context: Context, deployment: str, version: str, outcomes: Upload, environment: str = "production"
) -> Window:
    """Join the inference log with late outcomes, measure what the policy asks of windows, and ask the gate again.

    Parameters
    ----------
    deployment
        Name under which the decisions were made.
    outcomes
        CSV or Parquet with ``decision_id``, the target column, and the attributes that people are grouped by.
    """
    from muster.columns.tables import read_table, to_parquet
    from muster.columns.window import join_outcomes

    context.house.ledger.refresh()
    found = find_version(context, version)
    context.progress(f"joining the log of {deployment} with {outcomes.name}")
    known = read_table(outcomes.content, outcomes.name)
    asked = _asked_of(context, found, environment)
    joined = join_outcomes(logged(context, deployment), known, version=found.digest, prefix=INPUT)
    if not joined.table.num_rows:
        msg = f"none of the {joined.unknown_decisions:,} outcomes in {outcomes.name} is of a decision of {deployment}"
        raise ValueError(msg)
    digest = context.house.blobs.put(to_parquet(joined.table))
    sample = _sample(context, found, deployment, digest, joined.table)
    evidence = _measure(context, found, sample, asked)
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
    )


def _sample(context: Context, version: ModelVersion, deployment: str, digest: str, table: object) -> Sample:
    from muster.columns.profile import Profile
    from muster.columns.sample import Sample

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
        inputs=manifest.recipe.inputs,
        target=manifest.recipe.target,
        positive=manifest.recipe.positive,
        favourable="favourable",
        reference=reference,
    )
    return sample.beside(value=use_case.value)


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


def _measure(
    context: Context, version: ModelVersion, sample: Sample, asked: tuple[tuple[Control, Requirement], ...]
) -> tuple[Evidence, ...]:
    from muster.checks.evidence import evidence_of

    evidence = []
    for control, requirement in asked:
        context.progress(f"measuring {control.id} ({control.check})")
        evidence.append(evidence_of(version.digest, control.check, parameters_of(control, requirement), sample))
    return tuple(evidence)
