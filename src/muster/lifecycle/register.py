"""Register: models that were trained elsewhere, from a file or at an endpoint, held to the same demands as ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from muster.lifecycle.desk.action import Upload, action
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.columns import (
    envelope,
    input_columns,
    require_positive,
    require_thresholds,
    training_data,
)
from muster.lifecycle.desk.models.scoring import DESCRIPTION, Scored, remote, score
from muster.lifecycle.desk.tracking import register_tracked
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.model import Declaration, MadeFrom, Manifest, ModelFormat, ModelVersion, Reading, Recipe, Run
from muster.records.people import Role
from muster.records.purpose import UseCase

FILES: Final[Mapping[ModelFormat, str]] = {
    ModelFormat.SKOPS: "model.skops",
    ModelFormat.PICKLE: "model.pkl",
    ModelFormat.JOBLIB: "model.joblib",
    ModelFormat.XGBOOST: "model.ubj",
    ModelFormat.LIGHTGBM: "model.txt",
    ModelFormat.CATBOOST: "model.cbm",
    ModelFormat.ONNX: "model.onnx",
    ModelFormat.PYFUNC: "model.zip",
}
"""What the file of a format is called, whatever it was called where it came from."""

ENCODINGS: Final = "encodings.json"
RANKED: Final = "training_auc"
ENCODED: Final = (ModelFormat.XGBOOST, ModelFormat.LIGHTGBM, ModelFormat.CATBOOST)
"""Formats whose models read a matrix, so that the places of categories in it must be said."""


@action("model register", roles=(Role.ML_ENGINEER,))
def register(  # noqa: PLR0913, PLR0917 - what is handed in and what is said of it
    context: Context,
    use_case: str,
    model: str,
    training: str,
    declaration: Declaration,
    artifact: Upload | None = None,
    encodings: Upload | None = None,
    original: Upload | None = None,
) -> ModelVersion:
    """Register a model that was trained elsewhere, so that it is assessed and signed off as any other.

    Its files are opened in a worker process only. There it scores the training rows once, and its run tells how well;
    the run also says that it was trained elsewhere, and where.

    Parameters
    ----------
    use_case
        Id of a registered use case.
    model
        Name under which its versions are registered.
    training
        Digest of the dataset version that it was trained on: types and ranges of its inputs are taken from there.
    declaration
        Format, inputs, target, positive value, decision rule and origin; the endpoint for the format oip.
    artifact
        The model's file, or the folder of an MLflow model as a zip; none for the format oip.
    encodings
        How text becomes places in the matrix of an XGBoost or LightGBM model, if it reads any.
    original
        The model that an ONNX graph was made from; its format stands in the declaration. The graph must decide as it
        does: on the training rows now, and on the rows that it is compiled with later.
    """
    context.latest(UseCase, f"use-case:{use_case}")
    _require_whole(declaration, artifact, encodings, original)
    data = training_data(context, training)
    columns = input_columns(data, declaration.inputs, declaration.target)
    require_thresholds(declaration.decision.threshold)
    rows = context.house.blobs.get(data.digest)
    require_positive(data, rows, declaration.target, declaration.positive)
    manifest = replace(_manifest(declaration), inputs=envelope(columns, rows))
    files = _files(context, manifest, artifact, encodings)
    manifest = replace(manifest, files={name: context.house.blobs.put(content) for name, content in files.items()})
    manifest = _from(context, manifest, declaration.original, original)
    found = score(context, manifest, rows)
    _require_alike(context, manifest, rows, found)
    metrics = _metrics(manifest, rows, found)
    if found.unscored:
        context.progress(f"registered all the same, but {found.unscored}")
    if RANKED in metrics:
        context.progress(f"ranks the rows that it was trained on with an AUC of {metrics[RANKED]:.3f}")
    identity = context.house.blobs.put(canonical(encode(manifest)))
    run = Run(
        id=identity.removeprefix("sha256:")[:16],
        use_case=use_case,
        training=data.digest,
        recipe=manifest.recipe,
        metrics=metrics,
        environment=found.environment or {},
        imported=declaration.origin,
    )
    version = ModelVersion(identity, model, use_case, manifest, run.id, data.digest)
    return register_tracked(context, version, run, files)


def _require_whole(
    declaration: Declaration, artifact: Upload | None, encodings: Upload | None, original: Upload | None
) -> None:
    """Raise ValueError where what was handed in and what was declared do not go together."""
    _require_pair(declaration, original)
    there = declaration.format is ModelFormat.OIP
    if there != (declaration.endpoint is not None):
        msg = "the format oip needs an endpoint, and no other format has one"
        raise ValueError(msg)
    if there == (artifact is not None):
        msg = "a model at an endpoint has no file" if there else f"the format {declaration.format.value} needs the file"
        msg = f"{msg}: {'leave the artifact out' if there else 'hand it in as artifact'}"
        raise ValueError(msg)
    if encodings is not None and declaration.format not in ENCODED:
        msg = f"encodings go with {' and '.join(kind.value for kind in ENCODED)}, not with {declaration.format.value}"
        raise ValueError(msg)
    if not declaration.origin.strip():
        msg = "origin: say where, by whom and how the model was trained; others will have to rely on it"
        raise ValueError(msg)
    if not declaration.inputs or len(set(declaration.inputs)) != len(declaration.inputs):
        msg = "inputs: name each column that the model reads once"
        raise ValueError(msg)


def _require_pair(declaration: Declaration, original: Upload | None) -> None:
    """Raise ValueError where an original came without its format, or with something else than a graph."""
    if (declaration.original is None) != (original is None):
        msg = "an original comes with its format: hand in the file, and declare e.g. `original: sklearn-pickle`"
        raise ValueError(msg)
    if declaration.original is None:
        return
    if declaration.format is not ModelFormat.ONNX:
        msg = f"an original goes with a graph (onnx), not with {declaration.format.value}: hand in the one or the other"
        raise ValueError(msg)
    if declaration.original in (ModelFormat.ONNX, ModelFormat.OIP, ModelFormat.HOSTED):
        msg = f"the original of a graph is the file of a model that was trained, not {declaration.original.value}"
        raise ValueError(msg)


def _require_alike(context: Context, manifest: Manifest, rows: bytes, graph: Scored) -> None:
    """Hold a graph against its original on the training rows; raise ValueError where it decides otherwise on any."""
    if manifest.source is None:
        return
    from muster.columns.proof.passed import apart

    context.progress("comparing the graph with the model that it was made from")
    wanted = score(context, manifest.source, rows)
    if wanted.values is None and graph.values is None:
        return
    differing, far = apart(wanted.required(), graph.required(), manifest.decision)
    if differing:
        count, kind = len(graph.required()), manifest.source.format.value
        msg = (
            f"the graph decides otherwise than the model it was made from on {differing:,} of {count:,} training rows, "
            f"with scores up to {far:.2g} apart: its converter got it wrong. Register the original itself (format "
            f"{kind}): it is compiled, or served by its own library"
        )
        raise ValueError(msg)
    context.progress(f"the graph decides as its original on every training row; scores are up to {far:.2g} apart")


def _manifest(declaration: Declaration) -> Manifest:
    """Return the manifest without its files and with no inputs yet."""
    learner = f"imported-{declaration.format.value}"
    recipe = Recipe(learner, declaration.inputs, declaration.target, declaration.positive, {})
    reading = Reading(declaration.positive, declaration.output, declaration.endpoint)
    return Manifest(recipe, declaration.decision, (), {}, declaration.format, reading)


def _files(context: Context, manifest: Manifest, artifact: Upload | None, encodings: Upload | None) -> dict[str, bytes]:
    if artifact is None:
        return {DESCRIPTION: remote(context, manifest).describe()}
    files = {_name(manifest.format, artifact.content): artifact.content}
    return files if encodings is None else {**files, ENCODINGS: encodings.content}


def _from(context: Context, manifest: Manifest, kind: ModelFormat | None, original: Upload | None) -> Manifest:
    """Name the model that a graph was made from, where it came with it."""
    if kind is None or original is None:
        return manifest
    name = _name(kind, original.content)
    return replace(manifest, made_from=MadeFrom(kind, {name: context.house.blobs.put(original.content)}))


def _name(kind: ModelFormat, content: bytes) -> str:
    is_json = kind is ModelFormat.XGBOOST and content[:64].replace(b" ", b"").replace(b"\n", b"").startswith(b'{"')
    return "model.json" if is_json else FILES[kind]


def _metrics(manifest: Manifest, rows: bytes, found: Scored) -> dict[str, float]:
    """Say how well the model ranks the rows that it learnt from: a wrong class or order of inputs shows at once."""
    if found.values is None:
        return {}
    from muster.checks.registry import measure
    from muster.columns.sample import Sample
    from muster.columns.tables import from_parquet

    recipe = manifest.recipe
    table = from_parquet(rows)
    sample = Sample.of(
        table, found.values, manifest.decision, name="training", digest="", role="training",
        inputs=recipe.inputs, target=recipe.target, positive=recipe.positive,
    )  # fmt: skip
    figures = measure("performance.discrimination", sample, {}).figures
    return {"training_rows": table.num_rows, **{f"training_{figure.name}": figure.value for figure in figures}}
