"""Assess: every check that the policy asks for is measured, and the served form is compiled and proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_dataset, find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.demanded import asked_of, worth_unasked
from muster.lifecycle.desk.models.scoring import score
from muster.records.canonical import canonical
from muster.records.codec import decode, encode
from muster.records.data import DatasetVersion
from muster.records.evidence import Evidence, Outcome, ReferenceProfile
from muster.records.model import Compilation, ModelFormat, ModelVersion
from muster.records.people import Role
from muster.records.policy import Control, ReasonMap, Requirement
from muster.records.purpose import UseCase
from muster.rules.gate.decide import parameters_of
from muster.rules.worth import CHECK as WORTH

if TYPE_CHECKING:
    from muster.columns.rescoring import Companion, Rescorer
    from muster.columns.sample import Sample

ASSESSORS = (Role.ML_ENGINEER, Role.VALIDATOR)

SERVED = "served.onnx"
ORIGINAL = "original-"
"""Stands before the names of files that a graph was made from, as a worker is given them."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was measured of a version on a sample; figures only, the gate judges."""

    version: str
    sample: str
    evidence: tuple[Evidence, ...]


@action("model assess", roles=ASSESSORS)
def assess(context: Context, version: str, sample: str, environment: str = "production") -> Assessment:
    """Run every check that the environment's policy asks for, on a dataset version, and record the evidence.

    Where the use case says what outcomes are worth, the expected value of a decision is measured, too.

    Parameters
    ----------
    version
        Digest of the model version, or its beginning.
    sample
        Digest of the dataset version to measure on, usually held-out rows.
    """
    from muster.checks.evidence import evidence_of

    context.house.ledger.refresh()
    found = find_version(context, version)
    data = find_dataset(context, sample)
    asked = asked_of(context, found, environment, data.role.value)
    scores = score(context, found.manifest, context.house.blobs.get(data.digest))
    if scores.values is None:
        return _unmeasured(context, found, data, asked, scores.unscored)
    measured = _sample(context, found, data, scores.values)
    measured_by_control = []
    for control, requirement in asked:
        context.progress(f"measuring {control.id} ({control.check})")
        measured_by_control.append(
            evidence_of(found.digest, control.check, parameters_of(control, requirement), measured)
        )
    if worth_unasked(context, found, data, asked):
        context.progress(f"measuring what a decision is worth ({WORTH})")
        measured_by_control.append(evidence_of(found.digest, WORTH, {}, measured))
    context.record(*measured_by_control)
    return Assessment(found.digest, data.digest, tuple(measured_by_control))


@action("model compare", roles=ASSESSORS)
def compare(context: Context, version: str, champion: str, sample: str) -> Assessment:
    """Measure a version beside another, such as the one that serves, on the same rows, and record the evidence.

    Parameters
    ----------
    version
        Digest of the model version that the evidence is about, or its beginning.
    champion
        Digest of the version that it is held against, of the same use case.
    sample
        Digest of the dataset version to measure on; held-out rows that neither has seen.
    """
    from muster.checks.evidence import evidence_of

    context.house.ledger.refresh()
    found, other = find_version(context, version), find_version(context, champion)
    data = find_dataset(context, sample)
    _require_comparable(found, other)
    rows = context.house.blobs.get(data.digest)
    ours, theirs = (score(context, each.manifest, rows).required() for each in (found, other))
    measured = _sample(context, found, data, ours).against(other.digest, theirs)
    parameters = {"benchmark": other.digest, "threshold": other.manifest.decision.threshold}
    evidence = evidence_of(found.digest, "performance.comparison", parameters, measured)
    context.record(evidence)
    return Assessment(found.digest, data.digest, (evidence,))


def _require_comparable(version: ModelVersion, other: ModelVersion) -> None:
    if version.digest == other.digest:
        msg = f"version {version.digest[:19]} cannot be compared with itself: name another"
        raise ValueError(msg)
    if version.use_case != other.use_case:  # a role may count for one of them only
        msg = f"one is for use case {version.use_case!r}, the other for {other.use_case!r}: compare versions of one"
        raise ValueError(msg)
    (ours, mine), (theirs, its) = ((each.manifest.recipe, each.manifest.decision) for each in (version, other))
    if (ours.target, ours.positive, mine.favourable) != (theirs.target, theirs.positive, its.favourable):
        msg = (
            f"one scores the probability that {ours.target} is {ours.positive} and favours whoever is "
            f"{mine.favourable.value} its threshold, the other that {theirs.target} is {theirs.positive}, "
            f"{its.favourable.value}: only models that predict the same thing can be compared"
        )
        raise ValueError(msg)


@action("model compile", roles=ASSESSORS)
def compile_version(context: Context, version: str, sample: str) -> Compilation:
    """Compile a version into the form that gateways load, and prove that it decides alike.

    Parameters
    ----------
    sample
        Digest of a dataset version whose rows are compared, besides adversarial rows made from the model itself.
    """
    context.house.ledger.refresh()
    found = find_version(context, version)
    data = find_dataset(context, sample)
    blobs = context.house.blobs
    if found.manifest.format is ModelFormat.OIP:
        msg = "a model at an endpoint cannot be compiled: nothing of it is here. It can be assessed as it answers"
        raise ValueError(msg)
    files = {name: blobs.get(kept) for name, kept in found.manifest.files.items()}
    if found.manifest.made_from is not None:
        kept = found.manifest.made_from.files
        files |= {f"{ORIGINAL}{name}": blobs.get(digest) for name, digest in kept.items()}
    files["rows.parquet"] = blobs.get(data.digest)
    arguments = {"manifest": encode(found.manifest)}
    result, made = context.house.executor.run("compile", arguments, files, context.progress)
    served = blobs.put(made[str(result.get("file", SERVED))])
    compilation = decode(Compilation, result["compilation"])
    if (compilation.version, compilation.served, compilation.sample) != (found.digest, served, data.digest):
        msg = "the worker proved something about other bytes than it was given: nothing was recorded"
        raise ValueError(msg)
    if compilation.decisions_differing:
        msg = f"the served form would decide otherwise on {compilation.decisions_differing} rows: nothing was recorded"
        raise ValueError(msg)
    context.record(compilation)
    return compilation


@action("model profile", roles=ASSESSORS)
def profile(context: Context, version: str, sample: str) -> ReferenceProfile:
    """Freeze what inputs and score look like on a sample: windows of live traffic are held against it.

    Parameters
    ----------
    sample
        Digest of a dataset version that the model was not trained on, such as the validation rows.
    """
    context.house.ledger.refresh()
    found = find_version(context, version)
    data = find_dataset(context, sample)
    scores = score(context, found.manifest, context.house.blobs.get(data.digest)).required()
    frozen = _sample(context, found, data, scores).freeze(found.manifest.inputs).to_body()
    reference = ReferenceProfile(found.digest, data.digest, context.house.blobs.put(canonical(frozen)))
    context.record(reference)
    return reference


@view("model evidence")
def evidence(context: Context, version: str) -> tuple[Evidence, ...]:
    """Show all evidence about a version, oldest first."""
    context.house.ledger.refresh()
    found = find_version(context, version)
    return tuple(found_evidence for _, found_evidence in context.history(Evidence, f"version:{found.digest}"))


def _unmeasured(
    context: Context,
    version: ModelVersion,
    data: DatasetVersion,
    asked: tuple[tuple[Control, Requirement], ...],
    why: str,
) -> Assessment:
    """Record of every control that it could not be measured, and why: the gate takes that for not met."""
    context.progress(f"could not measure: {why}")
    evidence = tuple(
        Evidence(
            version=version.digest,
            check=control.check,
            check_version=_version_of(control.check),
            parameters=parameters_of(control, requirement),
            sample=data.digest,
            sample_name=data.name,
            sample_role=data.role.value,
            figures=(),
            outcome=Outcome.NOT_MEASURED,
            reason=why,
        )
        for control, requirement in asked
    )
    context.record(*evidence)
    return Assessment(version.digest, data.digest, evidence)


def _version_of(check: str) -> int:
    from muster.checks.evidence import UNKNOWN_VERSION
    from muster.checks.registry import find

    try:
        return find(check).version
    except KeyError:
        return UNKNOWN_VERSION


def _sample(context: Context, version: ModelVersion, data: DatasetVersion, scores: Any) -> Sample:
    from muster.columns.sample import Sample
    from muster.columns.tables import from_parquet

    manifest = version.manifest
    sample = Sample.of(
        from_parquet(context.house.blobs.get(data.digest)),
        scores,
        manifest.decision,
        name=data.name,
        digest=data.digest,
        role=data.role.value,
        inputs=manifest.recipe.inputs,
        target=manifest.recipe.target,
        positive=manifest.recipe.positive,
        weights=data.weight or None,
        time=data.time,
    )
    use_case = context.latest(UseCase, f"use-case:{version.use_case}")
    return sample.beside(
        rescorer=_rescorer(context, version), companion=_learnt_from(context, version), value=use_case.value
    )


def _rescorer(context: Context, version: ModelVersion) -> Rescorer | None:
    """Return what scores changed rows, and explains scores where a reason map was adopted for the use case.

    It is the served form, once proven: the original runs in workers only.
    """
    from muster.columns.explanation.sampling.explainer import explainer_of
    from muster.columns.rescoring import AskedRescorer, PlanRescorer

    compiled = [compilation for _, compilation in context.history(Compilation, f"version:{version.digest}")]
    if not compiled or compiled[-1].decisions_differing:
        return None
    artifact = context.house.blobs.get(compiled[-1].served)
    predictor = context.house.load(artifact)
    reasons = [adopted for _, adopted in context.history(ReasonMap) if adopted.use_case == version.use_case]
    original = bool(compiled[-1].original)
    if not reasons:
        return AskedRescorer(predictor) if original else PlanRescorer(predictor.plan, predictor)
    return explainer_of(artifact, predictor, reasons[-1], original=original)


def _learnt_from(context: Context, version: ModelVersion) -> Companion:
    from muster.columns.rescoring import Companion
    from muster.columns.tables import from_parquet

    training = find_dataset(context, version.training)
    table = from_parquet(context.house.blobs.get(training.digest))
    return Companion.of(table, name=training.name, digest=training.digest, role=training.role.value)
