"""Train: models are trained in a worker process, tracked, and registered by the digest of their manifest."""

from __future__ import annotations

from dataclasses import dataclass, replace

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.columns import envelope, input_columns, require_thresholds, training_data
from muster.lifecycle.desk.models.scoring import walls
from muster.lifecycle.desk.tracking import register_tracked
from muster.records.canonical import canonical
from muster.records.codec import decode, encode
from muster.records.data import Column
from muster.records.model import DecisionRule, Manifest, ModelFormat, ModelVersion, Recipe, Run
from muster.records.people import Role
from muster.records.purpose import UseCase


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model version in one line."""

    digest: str
    model: str
    use_case: str
    learner: str
    inputs: int
    threshold: float
    registry: str


@action("model train", roles=(Role.ML_ENGINEER,))
def train(
    context: Context, use_case: str, model: str, training: str, recipe: Recipe, decision: DecisionRule
) -> ModelVersion:
    """Train a model in a worker process, track the run, and register the result as a version.

    Parameters
    ----------
    use_case
        Id of a registered use case.
    model
        Name under which its versions are registered.
    training
        Digest of a dataset version with the role training.
    recipe
        Learner, inputs, target, positive value, parameters and seed. Learners are logistic-regression and
        gradient-boosting; with the extra `models` also xgboost, lightgbm and catboost.
    decision
        Threshold, and on which side of it the decision favours the person.
    """
    context.latest(UseCase, f"use-case:{use_case}")
    data = training_data(context, training)
    columns = input_columns(data, recipe.inputs, recipe.target)
    require_thresholds(decision.threshold)
    rows = context.house.blobs.get(data.digest)
    arguments = {"recipe": encode(recipe), "columns": encode(columns), "decision": encode(decision)}
    result, files = context.house.executor.run("train", arguments, {"training.parquet": rows}, context.progress)
    recipe = replace(recipe, parameters=result["parameters"])
    inputs = tuple(decode(Column, column) for column in result["inputs"])
    kept = {name: context.house.blobs.put(content) for name, content in files.items()}
    manifest = Manifest(recipe, decision, envelope(inputs, rows), kept, ModelFormat(result["format"]))
    identity = context.house.blobs.put(canonical(encode(manifest)))
    run = Run(
        id=identity.removeprefix("sha256:")[:16],
        use_case=use_case,
        training=data.digest,
        recipe=recipe,
        metrics=result["metrics"],
        environment={**result["environment"], **walls(result)},
    )
    version = ModelVersion(identity, model, use_case, manifest, run.id, data.digest)
    return register_tracked(context, version, run, files)


@view("model list")
def listed(context: Context, use_case: str = "") -> tuple[ModelLine, ...]:
    """List model versions, oldest first."""
    newest = {version.digest: version for _, version in context.history(ModelVersion)}
    return tuple(_line(version) for version in newest.values() if use_case in ("", version.use_case))


@view("model show")
def show(context: Context, version: str) -> ModelVersion:
    """Show a model version: manifest, recipe, decision rule, inputs, lineage."""
    context.house.ledger.refresh()
    return find_version(context, version)


def _line(version: ModelVersion) -> ModelLine:
    recipe = version.manifest.recipe
    return ModelLine(
        version.digest,
        version.model,
        version.use_case,
        recipe.learner,
        len(recipe.inputs),
        version.manifest.decision.threshold,
        version.registry,
    )
