"""Models of every format behind the walls, what of them can be taken apart, and what does not fit its manifest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import lightgbm
import numpy as np
import pytest
import xgboost
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from tests.adapters.sklearn.reading.models import NUMBERS, TEXTS, fitted, proven
from tests.lifecycle.foreign import Foreign, declared, made, matrix
from tests.walk import INPUTS, RULE, table

from muster.adapters.boosters.matrix import encodings_of, to_bytes
from muster.adapters.sandbox.executor import SandboxExecutor
from muster.columns.tables import read_scores, to_parquet
from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.data import Column, ColumnType
from muster.records.model import Manifest, ModelFormat, Reading, Recipe
from muster.wiring.inside.models import _BOOSTERS, opened

ROWS = to_parquet(table())
COLUMNS = tuple(Column(name, ColumnType.INTEGER) for name in INPUTS)
NAMES = {"xgboost": "model.json", "lightgbm": "model.txt"}


def manifest(model: Foreign, name: str = "model", **more: Any) -> Manifest:
    known = declared(model.format)
    recipe = Recipe("imported", INPUTS, known["target"], 1, {})
    files = {name: digest(model.content)}
    return replace(Manifest(recipe, RULE, COLUMNS, files, model.format, Reading(1)), **more)


def open_(declared_: Manifest, content: bytes, **more: bytes) -> Any:
    files = {"model": content, "encodings.json": more.get("encodings", b"")}
    return opened(declared_, lambda name: files[name], lambda _: None)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["joblib", "xgboost", "onnx", "mlflow"])
def test_models_score_behind_the_walls_as_their_own_library_does(kind: str) -> None:
    model = made(ROWS, kind)
    given = {"model": model.content, "rows.parquet": ROWS}
    result, files = SandboxExecutor().run("predict", {"manifest": encode(manifest(model))}, given, lambda _: None)
    assert result["isolation"]["network"] == "denied by seccomp"
    assert np.abs(read_scores(files["scores.npy"]) - model.scores(matrix(ROWS)[0])).max() < 1e-6


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["pickle", "lightgbm", "onnx"])
def test_the_first_class_may_be_the_positive_one(kind: str) -> None:
    model = made(ROWS, kind)
    second = open_(manifest(model), model.content)
    first = open_(manifest(model, reading=Reading(0)), model.content)
    held = table().slice(0, 50)
    assert first.scores(held) == pytest.approx(1 - second.scores(held), abs=1e-6)
    with pytest.raises(ValueError, match="muster cannot compile|compiles that of the second only"):
        first.parts()


def test_columns_of_another_order_are_put_in_that_of_the_model() -> None:
    model = made(ROWS, "xgboost")
    turned = open_(manifest(model, inputs=COLUMNS[::-1]), model.content)
    straight = open_(manifest(model), model.content)
    assert turned.scores(table()).tobytes() == straight.scores(table()).tobytes()


def test_what_does_not_fit_its_manifest_is_said() -> None:
    boosted = made(ROWS, "xgboost")
    renamed = (*COLUMNS[:-1], replace(COLUMNS[-1], name="SHOE"))
    with pytest.raises(ValueError, match="the model reads LIMIT_BAL, .*; declared as inputs are .*SHOE"):
        open_(manifest(boosted, inputs=renamed), boosted.content)
    text = (*COLUMNS[:-1], Column(INPUTS[-1], ColumnType.CATEGORY, categories=("a", "b")))
    with pytest.raises(ValueError, match=f"{INPUTS[-1]} hold text and the model reads numbers"):
        open_(manifest(boosted, inputs=text), boosted.content)
    files = {"model": digest(boosted.content), "encodings.json": digest(b"")}
    with pytest.raises(ValueError, match="makes 7 columns, the model reads 6"):
        open_(manifest(boosted, inputs=text, files=files), boosted.content, encodings=to_bytes(encodings_of(text)))
    with pytest.raises(ValueError, match="the format oip is not a file"):
        open_(manifest(boosted, format=ModelFormat.OIP), b"{}")
    forest = made(ROWS, "joblib")
    with pytest.raises(ValueError, match="is expecting 6 features|features"):
        open_(manifest(forest, inputs=COLUMNS[:3]), forest.content).scores(table())


def test_models_of_others_are_taken_apart_where_they_are_known_exactly() -> None:
    for kind in ("pickle", "joblib"):
        model = made(ROWS, kind)
        encodings, form, _ = open_(manifest(model), model.content).parts()
        assert {encoding.column.name for encoding in encodings} == set(INPUTS)
        assert form is not None


@pytest.mark.filterwarnings("ignore")
def test_boosters_at_the_end_of_a_pipeline_are_compiled_and_what_reads_zeros_as_missing_is_found_out() -> None:
    def piped(last: Any, *, sparse: bool) -> Any:
        numbers = make_pipeline(SimpleImputer(), StandardScaler())
        texts = OneHotEncoder(handle_unknown="ignore", sparse_output=sparse)
        both = ColumnTransformer([("n", numbers, NUMBERS), ("t", texts, TEXTS)], sparse_threshold=float(sparse))
        return fitted(make_pipeline(both, last))

    trees: dict[str, Any] = {"n_estimators": 6, "n_jobs": 1}
    for model in (xgboost.XGBClassifier(**trees), lightgbm.LGBMClassifier(**trees, verbose=-1)):
        assert proven(piped(model, sparse=False), boosters=_BOOSTERS).decisions_differing == 0
    # XGBoost takes what a sparse matrix leaves out for missing, which no table of columns tells: the proof sees it.
    wrong = proven(piped(xgboost.XGBClassifier(**trees), sparse=True), boosters=_BOOSTERS)
    assert wrong.decisions_differing > 0
