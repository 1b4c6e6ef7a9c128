"""Tasks: what a worker process can do; each binds records and files to the adapters that do it.

Imported inside the walls only: it loads scikit-learn and whatever a model file asks for.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from muster.adapters.sklearn.frame import frame, target
from muster.columns.original.rows import Unscored, scored
from muster.columns.plan import favourable
from muster.records.canonical import canonical, digest
from muster.records.codec import decode, encode
from muster.records.data import Column
from muster.records.model import Compilation, DecisionRule, Manifest, ModelFormat, Recipe
from muster.wiring.inside.compiling import served_form
from muster.wiring.inside.fitting import Fitted, fitted
from muster.wiring.inside.models import Original, opened
from muster.wiring.inside.work import Work

_LIBRARIES = ("scikit-learn", "numpy", "scipy", "skops", "pyarrow")
_MORE: Mapping[ModelFormat, tuple[str, ...]] = {
    ModelFormat.XGBOOST: ("xgboost",),
    ModelFormat.LIGHTGBM: ("lightgbm",),
    ModelFormat.CATBOOST: ("catboost",),
    ModelFormat.ONNX: ("onnxruntime",),
    ModelFormat.PICKLE: ("joblib", "xgboost", "lightgbm"),
    ModelFormat.JOBLIB: ("joblib", "xgboost", "lightgbm"),
    ModelFormat.PYFUNC: ("joblib", "xgboost", "lightgbm", "onnxruntime"),
}
"""Libraries that run a model of a format, beside those that every worker has."""


_LIBRARY: Mapping[ModelFormat, str] = {
    ModelFormat.XGBOOST: "xgboost",
    ModelFormat.LIGHTGBM: "lightgbm",
    ModelFormat.CATBOOST: "catboost",
    ModelFormat.ONNX: "onnxruntime",
}
"""What runs a model of a format where it is not compiled, if that is not scikit-learn."""


ORIGINAL = "original-"
"""Stands before the names of the files that a graph was made from."""


def train(arguments: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Fit a recipe.

    Takes ``recipe``, ``columns`` and ``decision``, the file ``training.parquet`` and, where there is one,
    ``validation.parquet``. Gives ``metrics``, all ``parameters`` with their defaults, the ``inputs`` as the model
    knows them, the ``format`` of its files and the ``environment``; writes the files.
    """
    recipe, columns = decode(Recipe, arguments["recipe"]), _columns(arguments["columns"])
    rule = decode(DecisionRule, arguments["decision"])
    table = work.table("training.parquet")
    work.progress(f"training {recipe.learner} on {len(table):,} rows and {len(recipe.inputs)} inputs")
    made = fitted(table, recipe, columns)
    metrics = {"fit_seconds": made.seconds, **_metrics("training", made, table, recipe, rule)}
    if (work.given / "validation.parquet").is_file():
        metrics |= _metrics("validation", made, work.table("validation.parquet"), recipe, rule)
    for name, content in made.files.items():
        work.write(name, content)
    return {
        "metrics": metrics,
        "parameters": dict(made.parameters),
        "inputs": encode(made.inputs),
        "format": made.format.value,
        "environment": _environment(made.libraries),
    }


def predict(arguments: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Score rows with the original model.

    Takes ``manifest``, its files and ``rows.parquet``; writes ``scores.npy`` (float64, one a row) and gives the
    ``environment``. Where the model does not score every row, ``unscored`` says which and why, and no file is written.
    """
    manifest = decode(Manifest, arguments["manifest"])
    table = work.table("rows.parquet")
    model = opened(manifest, lambda name: _named(manifest, name, work), work.progress)
    _require_columns(table, manifest.inputs)
    work.progress(f"scoring {len(table):,} rows with the original model")
    found = scored(model.scores, table)
    facts = {"rows": len(table), "environment": _environment(_MORE.get(manifest.format, ()))}
    if isinstance(found, Unscored):
        return {**facts, "unscored": str(found)}
    work.write_scores("scores.npy", found)
    return facts


def compile_version(arguments: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Compile a version and prove that its served form decides as the original does.

    Takes ``manifest``, its files and ``rows.parquet`` (evaluation rows). Gives ``compilation`` and
    ``scores_differing``; writes ``served.onnx``, ``served.graph`` of a listed graph, or ``served.zip`` where the
    model's own library must serve it: what does not convert exactly, or is not equal. A form that decides otherwise on
    any row is an error, not a result. The files of the model that a graph was made from come as ``original-NAME``.
    """
    manifest = decode(Manifest, arguments["manifest"])
    files = {name: _named(manifest, name, work) for name in manifest.files}
    model = opened(manifest, files.__getitem__, work.progress)
    source = manifest.source
    made_from = _made_from(source, work) if source else None
    library = f"{_LIBRARY.get(manifest.format, 'scikit-learn')}"
    table = work.table("rows.parquet")
    made = served_form(manifest, model, files, table, f"{library} {_version(library)}", work.progress, made_from)
    work.write(made.name, made.content)
    compilation = Compilation(
        version=digest(canonical(encode(manifest))),
        served=digest(made.content),
        engine=made.engine,
        rows=made.found.rows,
        adversarial_rows=made.found.adversarial_rows,
        decisions_differing=made.found.decisions_differing,
        largest_score_difference=made.found.largest_score_difference,
        sample=digest(work.read("rows.parquet")),
        scores_differing=made.found.scores_differing,
        original=made.why,
        held_against=next(iter(source.files.values())) if source else "",
    )
    return {"compilation": encode(compilation), "scores_differing": made.found.scores_differing, "file": made.name}


def _made_from(source: Manifest, work: Work) -> Original:
    return opened(source, lambda name: _named(source, name, work, ORIGINAL), work.progress)


def _named(manifest: Manifest, name: str, work: Work, before: str = "") -> bytes:
    """Return a file of the model; raise ValueError unless it is the very one that the manifest names."""
    raw = work.read(before + name)
    if manifest.files.get(name) != digest(raw):
        msg = f"{name} has digest {digest(raw)}, the manifest names {manifest.files.get(name)}: not the same model"
        raise ValueError(msg)
    return raw


def _require_columns(table: pa.Table, inputs: Sequence[Column]) -> None:
    """Raise ValueError where no row can be scored, because a column is missing or of another type."""
    frame(table.slice(0, 0), inputs)


def search(arguments: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Train a family of recipes on the same rows and score validation rows with each, for the caller to judge.

    Takes ``recipes`` and ``columns`` and the files ``training.parquet`` and ``validation.parquet``. Gives one of
    ``candidates`` a recipe, in order: ``metrics``, ``parameters``, ``inputs`` and, under ``scores``, the name of its
    file ``scores-N.npy``; or ``error`` where it cannot be trained. With ``keep_models`` each also has, under ``model``,
    the names of its files, ``N-NAME``. Thresholds need no training, so they are the caller's.
    """
    columns = _columns(arguments["columns"])
    training, validation = work.table("training.parquet"), work.table("validation.parquet")
    recipes = [decode(Recipe, item, f"recipes[{place}]") for place, item in enumerate(arguments["recipes"])]
    candidates: list[dict[str, Any]] = []
    libraries: set[str] = set()
    for place, recipe in enumerate(recipes):
        work.progress(f"candidate {place + 1} of {len(recipes)}: {recipe.learner} on {len(recipe.inputs)} inputs")
        try:
            made = fitted(training, recipe, columns)
            found = _candidate(place, made, recipe, validation, work)
        except ValueError as error:
            candidates.append({"error": str(error)})
            continue
        if arguments.get("keep_models"):
            found["model"] = {name: f"{place}-{name}" for name in made.files}
            for name, content in made.files.items():
                work.write(f"{place}-{name}", content)
        candidates.append(found)
        libraries |= set(made.libraries)
    return {"candidates": candidates, "environment": _environment(sorted(libraries))}


def _candidate(place: int, made: Fitted, recipe: Recipe, validation: pa.Table, work: Work) -> dict[str, Any]:
    values = made.scores(validation)
    metrics = _ranking("validation", target(validation, recipe.target, recipe.positive), values)
    name = f"scores-{place}.npy"
    work.write_scores(name, values)
    return {
        "metrics": {"fit_seconds": made.seconds, **metrics},
        "parameters": dict(made.parameters),
        "inputs": encode(made.inputs),
        "scores": name,
    }


def _metrics(name: str, made: Fitted, table: pa.Table, recipe: Recipe, rule: DecisionRule) -> dict[str, float]:
    values = made.scores(table)
    figures = _ranking(name, target(table, recipe.target, recipe.positive), values)
    return {**figures, f"{name}_favourable_rate": float(favourable(values, rule).mean())}


def _ranking(name: str, labels: NDArray[np.int64], values: NDArray[np.float64]) -> dict[str, float]:
    figures = {"auc": roc_auc_score, "brier": brier_score_loss, "log_loss": log_loss}
    return {
        f"{name}_rows": len(labels),
        f"{name}_positive_rate": float(labels.mean()),
        **{f"{name}_{figure}": float(measure(labels, values)) for figure, measure in figures.items()},
    }


def _columns(items: Sequence[Any]) -> tuple[Column, ...]:
    return tuple(decode(Column, item, f"columns[{place}]") for place, item in enumerate(items))


def _environment(more: Sequence[str] = ()) -> dict[str, str]:
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    found = {library: _version(library) for library in (*_LIBRARIES, *more)}
    return {**machine, **{library: number for library, number in found.items() if number}}


def _version(library: str) -> str:
    """Return a library's version, by whichever of its distributions is installed; empty where none is."""
    for name in (library, f"{library}-cpu"):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return ""


TASKS: Mapping[str, Callable[[Mapping[str, Any], Work], dict[str, Any]]] = {
    "train": train,
    "predict": predict,
    "compile": compile_version,
    "search": search,
}
"""What a worker can be asked, by name."""
