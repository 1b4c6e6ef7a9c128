"""Monitor: the same checks over windows of live traffic, with late outcomes; the evidence goes back to the gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from muster.lifecycle.desk.action import Upload, action
from muster.lifecycle.desk.asking import ask, find_version, library_of, policy_for
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.ports.log import INPUT, Sealing
from muster.records.access.erasure import RetentionRun
from muster.records.canonical import parse
from muster.records.decision import Decision, Question
from muster.records.evidence import Evidence, ReferenceProfile
from muster.records.model import ModelVersion
from muster.records.people import Role
from muster.records.policy import Control, Requirement
from muster.records.purpose import UseCase
from muster.records.trust import Duty
from muster.rules.gate.decide import WINDOW, parameters_of

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
    joined = join_outcomes(_logged(context, deployment), known, version=found.digest, prefix=INPUT)
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


def _logged(context: Context, deployment: str) -> Iterator[Any]:
    """Read the log as far as gateways have signed it; where none has a key for that, say so and read it as it lies."""
    house = context.house
    signers = tuple(grant for grant in current_root(context).grants if grant.duty is Duty.GATEWAY_LOG)
    if not signers:
        context.progress(
            "the log is not signed: the trust root names no gateway-log key, so whoever keeps it may edit it"
        )
        yield from house.log.batches(deployment)
        return
    removed = (name for _, done in context.history(RetentionRun, "retention:inference-log") for name in done.removed)
    yield from house.log.batches(deployment, sealing=Sealing(signers, frozenset(removed)))
    context.progress("the log is sealed by its gateways; what they have not closed yet is left out")


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
        for requirement in policy.requirements
        if (control := library.control(requirement.control)) is not None and requirement.sample_role == WINDOW
    )
    if not asked:
        msg = f"policy {policy.id!r} asks nothing of windows: add a requirement with sample_role: {WINDOW}"
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
