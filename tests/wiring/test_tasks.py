"""Tasks: from rows to a model, its scores, its served form and the proof; and a clear word where that cannot be."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import roc_auc_score

from muster.adapters.boosters import xgb
from muster.adapters.onnx import OnnxPredictor
from muster.columns.encoder import Encoder
from muster.columns.original.container import opened
from muster.columns.plan import favourable
from muster.records.canonical import canonical, digest
from muster.records.codec import decode, encode
from muster.records.data import Column, ColumnType
from muster.records.model import Compilation, DecisionRule, Favourable, Manifest, ModelFormat, Recipe
from muster.wiring.inside.work import Work
from muster.wiring.tasks import TASKS

COLUMNS = (
    Column("income", ColumnType.NUMBER, nullable=True),
    Column("home", ColumnType.CATEGORY),
    Column("default", ColumnType.INTEGER),
)
RULE = DecisionRule(0.4, Favourable.BELOW)
BOOSTED = Recipe("gradient-boosting", ("income", "home"), "default", 1, {"max_iter": 8})
LINEAR = Recipe("logistic-regression", ("home", "income"), "default", 1, {})

Run = Callable[[str, dict[str, Any], dict[str, bytes]], tuple[dict[str, Any], dict[str, bytes]]]


def parquet(seed: int, rows: int = 300) -> bytes:
    rng = np.random.default_rng(seed)
    income, home = rng.normal(30, 8, rows), rng.choice(["own", "rent"], rows)
    labels = (0.1 * (30 - income) + (home == "rent") + rng.normal(size=rows) > 0.5).astype(np.int64)
    table = pa.table({"income": pa.array(income, mask=rng.random(rows) < 0.1), "home": home, "default": labels})
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


TRAINING, VALIDATION = parquet(1), parquet(2)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Do a task here, without the walls, which ``test_worker`` puts up."""

    def done(task: str, arguments: dict[str, Any], files: dict[str, bytes]) -> tuple[dict[str, Any], dict[str, bytes]]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        given, made = folder / "in", folder / "out"
        for path in (given, made):
            path.mkdir(parents=True)
        for name, content in files.items():
            (given / name).write_bytes(content)
        result = TASKS[task](arguments, Work(given, made, lambda _: None))
        return result, {path.name: path.read_bytes() for path in made.iterdir()}

    return done


def trained(run: Run, recipe: Recipe = BOOSTED) -> tuple[dict[str, Any], bytes]:
    arguments = {"recipe": encode(recipe), "columns": encode(COLUMNS), "decision": encode(RULE)}
    result, files = run("train", arguments, {"training.parquet": TRAINING, "validation.parquet": VALIDATION})
    return result, files["model.skops"]


def manifest(result: dict[str, Any], raw: bytes, recipe: Recipe = BOOSTED) -> dict[str, Any]:
    record = Manifest(
        recipe, RULE, tuple(decode(Column, item) for item in result["inputs"]), {"model.skops": digest(raw)}
    )
    return dict(encode(record))


def test_training_gives_a_model_with_figures_that_its_scores_bear_out(run: Run) -> None:
    result, raw = trained(run)
    _, files = run("predict", {"manifest": manifest(result, raw)}, {"model.skops": raw, "rows.parquet": VALIDATION})
    scores = np.load(io.BytesIO(files["scores.npy"]))
    labels = pq.read_table(pa.BufferReader(VALIDATION))["default"].to_numpy()
    assert result["metrics"]["validation_auc"] == pytest.approx(roc_auc_score(labels, scores), abs=1e-15)
    assert result["metrics"]["validation_favourable_rate"] == favourable(scores, RULE).mean()
    assert result["metrics"]["training_rows"] == 300
    assert result["parameters"]["learning_rate"] == 0.1
    assert result["inputs"][1]["categories"] == ["own", "rent"]
    assert set(result["environment"]) >= {"python", "scikit-learn", "numpy"}


@pytest.mark.parametrize("recipe", [BOOSTED, LINEAR])
def test_compiling_gives_bytes_that_decide_as_the_original(run: Run, recipe: Recipe) -> None:
    result, raw = trained(run, recipe)
    named = manifest(result, raw, recipe)
    found, files = run("compile", {"manifest": named}, {"model.skops": raw, "rows.parquet": VALIDATION})
    compilation = decode(Compilation, found["compilation"])
    assert compilation.version == digest(canonical(named))
    assert compilation.served == digest(files["served.onnx"])
    assert compilation.sample == digest(VALIDATION)
    assert compilation.decisions_differing == 0
    assert compilation.rows == 300 + compilation.adversarial_rows
    predictor = OnnxPredictor.load(files["served.onnx"])
    assert predictor.plan.version == compilation.version
    matrix = Encoder(predictor.plan.encodings).encode({"income": [20.0], "home": ["rent"]})
    assert predictor.scores(matrix)[0] > 0.5


def test_a_model_that_the_manifest_does_not_name_is_not_compiled(run: Run) -> None:
    result, raw = trained(run)
    with pytest.raises(ValueError, match="not the same model"):
        run("compile", {"manifest": manifest(result, raw)}, {"model.skops": raw + b" ", "rows.parquet": VALIDATION})


def test_a_search_scores_validation_rows_with_each_recipe_and_tells_which_failed(run: Run) -> None:
    broken = Recipe("logistic-regression", ("shoe",), "default", 1, {})
    arguments = {"recipes": [encode(item) for item in (LINEAR, broken, BOOSTED)], "columns": encode(COLUMNS)}
    result, files = run("search", arguments, {"training.parquet": TRAINING, "validation.parquet": VALIDATION})
    linear, failed, boosted = result["candidates"]
    assert "takes shoe as inputs" in failed["error"]
    assert set(files) == {"scores-0.npy", "scores-2.npy"}
    labels = pq.read_table(pa.BufferReader(VALIDATION))["default"].to_numpy()
    for candidate in (linear, boosted):
        scores = np.load(io.BytesIO(files[candidate["scores"]]))
        assert candidate["metrics"]["validation_auc"] == pytest.approx(roc_auc_score(labels, scores), abs=1e-15)


def test_a_search_keeps_models_where_asked_and_they_are_those_that_training_makes(run: Run) -> None:
    arguments = {"recipes": [encode(BOOSTED)], "columns": encode(COLUMNS), "keep_models": True}
    result, files = run("search", arguments, {"training.parquet": TRAINING, "validation.parquet": VALIDATION})
    assert files[result["candidates"][0]["model"]["model.skops"]] == trained(run)[1]


@pytest.mark.parametrize("learner", ["xgboost", "lightgbm", "catboost"])
def test_boosted_trees_are_trained_searched_and_compiled_too(run: Run, learner: str) -> None:
    few = {"iterations": 8} if learner == "catboost" else {"n_estimators": 8}
    recipe = Recipe(learner, ("income", "home"), "default", 1, few)
    arguments = {"recipe": encode(recipe), "columns": encode(COLUMNS), "decision": encode(RULE)}
    result, files = run("train", arguments, {"training.parquet": TRAINING})
    assert result["environment"][learner]
    searched = {"recipes": [encode(recipe)], "columns": encode(COLUMNS), "keep_models": True}
    found, kept = run("search", searched, {"training.parquet": TRAINING, "validation.parquet": VALIDATION})
    assert {name: kept[place] for name, place in found["candidates"][0]["model"].items()} == files
    named = encode(boosted_manifest(recipe, result, files))
    proof, made = run("compile", {"manifest": named}, {**files, "rows.parquet": VALIDATION})
    assert proof["compilation"]["decisions_differing"] == 0
    assert proof["compilation"]["largest_score_difference"] < (1e-6 if learner == "xgboost" else 1e-15)
    assert set(made) == {"served.onnx"}


def boosted_manifest(recipe: Recipe, result: dict[str, Any], files: dict[str, bytes]) -> Manifest:
    inputs = tuple(decode(Column, item) for item in result["inputs"])
    named = {name: digest(content) for name, content in files.items()}
    return Manifest(recipe, RULE, inputs, named, ModelFormat(result["format"]))


def test_a_wrong_conversion_is_caught_and_the_library_itself_serves(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe("xgboost", ("income", "home"), "default", 1, {"n_estimators": 8})
    arguments = {"recipe": encode(recipe), "columns": encode(COLUMNS), "decision": encode(RULE)}
    result, files = run("train", arguments, {"training.parquet": TRAINING})
    monkeypatch.setattr(xgb, "_largest_below", lambda thresholds: thresholds.astype(np.float64))  # "<" read as "<="
    named = encode(boosted_manifest(recipe, result, files))
    found, made = run("compile", {"manifest": named}, {**files, "rows.parquet": VALIDATION})
    proof = decode(Compilation, found["compilation"])
    assert "would decide otherwise than the original on " in proof.original
    assert proof.engine.startswith("xgboost ")
    assert proof.engine.endswith(" in a worker")
    assert (proof.decisions_differing, proof.scores_differing) == (0, 0)
    assert proof.rows == 300 + proof.adversarial_rows
    held = opened(made[found["file"]])
    assert (held.plan.version, held.files["model.ubj"]) == (digest(canonical(named)), files["model.ubj"])


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({}, "needs the file training.parquet, and it was given none"),
        ({"training.parquet": b"PAR1"}, "training.parquet is not a readable Parquet file"),
    ],
)
def test_files_that_are_missing_or_damaged_are_named(run: Run, files: dict[str, bytes], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        run("train", {"recipe": encode(BOOSTED), "columns": encode(COLUMNS), "decision": encode(RULE)}, files)
