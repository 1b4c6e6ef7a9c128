"""Train: models are trained in a worker process, tracked, and registered by the digest of their manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_dataset, find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.tracking import register_tracked
from muster.records.canonical import canonical, digest
from muster.records.codec import decode, encode
from muster.records.data import Column, ColumnType, DatasetRole, DatasetVersion
from muster.records.model import DecisionRule, Manifest, ModelVersion, Recipe, Run
from muster.records.people import Role
from muster.records.purpose import UseCase

ESTIMATOR = "model.skops"


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
        Learner, inputs, target, positive value, parameters and seed.
    decision
        Threshold, and on which side of it the decision favours the person.
    """
    context.latest(UseCase, f"use-case:{use_case}")
    data = _training_data(context, training)
    columns = input_columns(data, recipe)
    rows = context.house.blobs.get(data.digest)
    arguments = {"recipe": encode(recipe), "columns": encode(columns), "decision": encode(decision)}
    result, files = context.house.executor.run("train", arguments, {"training.parquet": rows}, context.progress)
    recipe = replace(recipe, parameters=result["parameters"])
    inputs = tuple(decode(Column, column) for column in result["inputs"])
    manifest = Manifest(recipe, decision, _envelope(inputs, rows), {ESTIMATOR: digest(files[ESTIMATOR])})
    context.house.blobs.put(files[ESTIMATOR])
    identity = context.house.blobs.put(canonical(encode(manifest)))
    run = Run(
        id=identity.removeprefix("sha256:")[:16],
        use_case=use_case,
        training=data.digest,
        recipe=recipe,
        metrics=result["metrics"],
        environment={**result["environment"], **_walls(result)},
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


def input_columns(data: DatasetVersion, recipe: Recipe) -> tuple[Column, ...]:
    """Return the columns that a recipe reads; raise ValueError naming those that the dataset does not have."""
    known = {column.name: column for column in data.columns}
    if missing := [name for name in (*recipe.inputs, recipe.target) if name not in known]:
        msg = f"dataset {data.name!r} has no column {', '.join(missing)}; it has {', '.join(known)}"
        raise ValueError(msg)
    if recipe.target in recipe.inputs:
        msg = f"the target {recipe.target!r} is among the inputs: the model would be told the answer"
        raise ValueError(msg)
    return tuple(known[name] for name in recipe.inputs)


def _training_data(context: Context, identifier: str) -> DatasetVersion:
    data = find_dataset(context, identifier)
    if data.role is not DatasetRole.TRAINING:
        msg = f"dataset {data.name!r} has the role {data.role.value}: train on a version with the role training"
        raise ValueError(msg)
    return data


def _walls(result: Mapping[str, Any]) -> dict[str, str]:
    """Say from what the worker was kept: a run without a wall must not look like one behind it."""
    return {f"isolation.{wall}": str(state) for wall, state in result["isolation"].items()}


def _envelope(columns: tuple[Column, ...], rows: bytes) -> tuple[Column, ...]:
    """Give each number the range that training has seen, which the gateway's envelope guard watches."""
    from muster.columns.parts import ranges
    from muster.columns.tables import from_parquet

    numbers = [column.name for column in columns if column.type is not ColumnType.CATEGORY]
    seen = {name: both for name, both in ranges(from_parquet(rows), numbers).items() if both is not None}
    return tuple(
        replace(column, minimum=seen[column.name][0], maximum=seen[column.name][1]) if column.name in seen else column
        for column in columns
    )


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
