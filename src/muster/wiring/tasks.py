"""Tasks: what a worker process can do; each binds records and files to the adapters that do it.

Imported inside the walls only: it loads scikit-learn and whatever a model file asks for.
"""

from __future__ import annotations

import io
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from muster.adapters.onnx import OnnxPredictor
from muster.adapters.sklearn import store
from muster.adapters.sklearn.extract import extract
from muster.adapters.sklearn.fit import fit, inputs
from muster.adapters.sklearn.frame import rows_of, table_of, target
from muster.adapters.sklearn.learners import settled
from muster.adapters.sklearn.predict import scores
from muster.columns.compiler import compile_served
from muster.columns.plan import Plan, favourable
from muster.columns.proof.parity import parity
from muster.ports.executor import Progress
from muster.records.canonical import canonical, digest
from muster.records.codec import decode, encode
from muster.records.data import Column
from muster.records.model import Compilation, DecisionRule, Manifest, Recipe

MODEL = "model.skops"
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "skops", "pyarrow")


@dataclass(frozen=True, slots=True)
class Work:
    """A task's files, and where it says how far it is."""

    given: Path
    made: Path
    progress: Progress

    def read(self, name: str) -> bytes:
        """Return a file that came with the task; raise ValueError where it did not come."""
        path = self.given / name
        if not path.is_file():
            have = ", ".join(sorted(entry.name for entry in self.given.iterdir())) or "none"
            msg = f"the task needs the file {name}, and it was given {have}"
            raise ValueError(msg)
        return path.read_bytes()

    def table(self, name: str) -> pa.Table:
        """Return a Parquet file that came with the task."""
        raw = self.read(name)
        try:
            return pq.read_table(pa.BufferReader(raw))
        except pa.ArrowInvalid as error:
            msg = f"{name} is not a readable Parquet file: {error}"
            raise ValueError(msg) from None

    def write(self, name: str, content: bytes) -> None:
        """Hand a file back."""
        (self.made / name).write_bytes(content)

    def write_scores(self, name: str, values: NDArray[np.float64]) -> None:
        """Hand scores back as a numpy file."""
        buffer = io.BytesIO()
        np.save(buffer, values, allow_pickle=False)
        self.write(name, buffer.getvalue())


def train(arguments: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Fit a recipe.

    Takes ``recipe``, ``columns`` and ``decision``, the file ``training.parquet`` and, where there is one,
    ``validation.parquet``. Gives ``metrics``, all ``parameters`` with their defaults, the ``inputs`` as the model
    knows them and the ``environment``; writes ``model.skops``.
    """
    recipe, columns = decode(Recipe, arguments["recipe"]), _columns(arguments["columns"])
    rule = decode(DecisionRule, arguments["decision"])
    table = work.table("training.parquet")
    work.progress(f"training {recipe.learner} on {len(table):,} rows and {len(recipe.inputs)} inputs")
    model, taken, seconds = _fitted(table, recipe, columns)
    metrics = {"fit_seconds": seconds, **_metrics("training", model, table, recipe, taken, rule)}
    if (work.given / "validation.parquet").is_file():
        metrics |= _metrics("validation", model, work.table("validation.parquet"), recipe, taken, rule)
    work.write(MODEL, store.dump(model))
    return {
        "metrics": metrics,
        "parameters": settled(recipe.learner, recipe.parameters),
        "inputs": encode(taken),
        "environment": _environment(),
    }


def predict(arguments: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Score rows with the original model.

    Takes ``inputs`` and the files ``model.skops`` and ``rows.parquet``; writes ``scores.npy`` (float64, one a row).
    """
    taken, table = _columns(arguments["inputs"]), work.table("rows.parquet")
    work.progress(f"scoring {len(table):,} rows with the original model")
    values = scores(store.load(work.read(MODEL)), table, taken)
    work.write_scores("scores.npy", values)
    return {"rows": len(values)}


def compile_version(arguments: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Compile a version and prove that its served form decides as the original does.

    Takes ``manifest`` and the files ``model.skops`` and ``rows.parquet`` (evaluation rows). Gives ``compilation`` and
    ``scores_differing``; writes ``served.onnx``.
    """
    manifest = decode(Manifest, arguments["manifest"])
    raw, sample = work.read(MODEL), work.read("rows.parquet")
    if manifest.files.get(MODEL) != digest(raw):
        msg = f"{MODEL} has digest {digest(raw)}, the manifest names {manifest.files.get(MODEL)}: not the same model"
        raise ValueError(msg)
    table, taken = work.table("rows.parquet"), manifest.inputs
    model = store.load(raw)
    encodings, form = extract(model, taken)
    identity = digest(canonical(encode(manifest)))
    served = compile_served(Plan(identity, manifest.recipe.learner, encodings, manifest.decision), form)
    predictor = OnnxPredictor.load(served)
    work.progress(
        f"comparing decisions of the original and the served form on {len(table):,} rows and adversarial ones"
    )

    def original(rows: Mapping[str, Any]) -> NDArray[np.float64]:
        return scores(model, table_of(rows, taken), taken)

    found = parity(original, predictor, predictor.plan, form, rows_of(table, taken))
    work.write("served.onnx", served)
    compilation = Compilation(
        version=identity,
        served=digest(served),
        engine=f"onnxruntime {version('onnxruntime')}",
        rows=found.rows,
        adversarial_rows=found.adversarial_rows,
        decisions_differing=found.decisions_differing,
        largest_score_difference=found.largest_score_difference,
        sample=digest(sample),
    )
    return {"compilation": encode(compilation), "scores_differing": found.scores_differing}


def search(arguments: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Train a family of recipes on the same rows and score validation rows with each, for the caller to judge.

    Takes ``recipes`` and ``columns`` and the files ``training.parquet`` and ``validation.parquet``. Gives one of
    ``candidates`` a recipe, in order: ``metrics``, ``parameters``, ``inputs`` and, under ``scores``, the name of its
    file ``scores-N.npy``; or ``error`` where it cannot be trained. With ``keep_models`` each also has a ``model``,
    ``model-N.skops``. Thresholds need no training, so they are the caller's.
    """
    columns = _columns(arguments["columns"])
    training, validation = work.table("training.parquet"), work.table("validation.parquet")
    recipes = [decode(Recipe, item, f"recipes[{place}]") for place, item in enumerate(arguments["recipes"])]
    candidates: list[dict[str, Any]] = []
    for place, recipe in enumerate(recipes):
        work.progress(f"candidate {place + 1} of {len(recipes)}: {recipe.learner} on {len(recipe.inputs)} inputs")
        try:
            model, found = _candidate(place, recipe, columns, training, validation, work)
        except ValueError as error:
            candidates.append({"error": str(error)})
            continue
        if arguments.get("keep_models"):
            found["model"] = f"model-{place}.skops"
            work.write(found["model"], store.dump(model))
        candidates.append(found)
    return {"candidates": candidates, "environment": _environment()}


def _candidate(
    place: int, recipe: Recipe, columns: Sequence[Column], training: pa.Table, validation: pa.Table, work: Work
) -> tuple[Any, dict[str, Any]]:
    model, taken, seconds = _fitted(training, recipe, columns)
    values = scores(model, validation, taken)
    metrics = _ranking("validation", target(validation, recipe.target, recipe.positive), values)
    name = f"scores-{place}.npy"
    work.write_scores(name, values)
    return model, {
        "metrics": {"fit_seconds": seconds, **metrics},
        "parameters": settled(recipe.learner, recipe.parameters),
        "inputs": encode(taken),
        "scores": name,
    }


def _fitted(table: pa.Table, recipe: Recipe, columns: Sequence[Column]) -> tuple[Any, tuple[Column, ...], float]:
    begun = time.perf_counter()
    model = fit(table, recipe, columns)
    return model, inputs(table, recipe, columns), round(time.perf_counter() - begun, 3)


def _metrics(
    name: str, model: Any, table: pa.Table, recipe: Recipe, taken: Sequence[Column], rule: DecisionRule
) -> dict[str, float]:
    values = scores(model, table, taken)
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


def _environment() -> dict[str, str]:
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    return {**machine, **{library: version(library) for library in _LIBRARIES}}


TASKS: Mapping[str, Callable[[Mapping[str, Any], Work], dict[str, Any]]] = {
    "train": train,
    "predict": predict,
    "compile": compile_version,
    "search": search,
}
"""What a worker can be asked, by name."""
