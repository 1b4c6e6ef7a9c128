"""Boosters that split on categories themselves are compiled, and decide alike on every code and beside it."""

from __future__ import annotations

import pickle  # noqa: TID251 - a model file is written here; only the worker loads it, by the list
import tempfile
from pathlib import Path
from typing import Any

import catboost
import lightgbm
import numpy as np
import pyarrow as pa
import pytest
import xgboost
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from tests.adapters.boosters.rows import categorical

from muster.adapters.onnx import OnnxPredictor
from muster.records.canonical import digest
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, Manifest, ModelFormat, Reading, Recipe
from muster.wiring.inside.compiling import ServedForm, served_form
from muster.wiring.inside.models import opened

MATRIX, LABELS = categorical()
INPUTS = (Column("code", ColumnType.INTEGER, nullable=True), Column("debt", ColumnType.NUMBER))


def _served(raw: bytes, name: str, kind: ModelFormat, inputs: tuple[Column, ...] = INPUTS) -> ServedForm:
    code = pa.array(MATRIX[:300, 0], pa.float64(), mask=np.isnan(MATRIX[:300, 0]))
    code = code.cast(pa.int64()) if inputs[0].type is ColumnType.INTEGER else code
    table = pa.table({"code": code, "debt": MATRIX[:300, 1]})
    return _form(raw, name, kind, inputs, table)


def _form(raw: bytes, name: str, kind: ModelFormat, inputs: tuple[Column, ...], table: pa.Table) -> ServedForm:
    decision, files = DecisionRule(0.4, Favourable.BELOW), {name: raw}
    recipe = Recipe("any", tuple(column.name for column in inputs), "default", 1, {})
    manifest = Manifest(recipe, decision, inputs, {name: digest(raw)}, kind, Reading(1))
    return served_form(manifest, opened(manifest, lambda _: raw, print), files, table, "a library", print)


def _lightgbm() -> bytes:
    data = lightgbm.Dataset(MATRIX, LABELS, categorical_feature=[0], params={"verbose": -1})
    asked = {"objective": "binary", "verbose": -1, "num_threads": 1, "min_data_per_group": 5}
    return lightgbm.train(asked, data, 8).model_to_string().encode()


def _xgboost() -> bytes:
    data = xgboost.DMatrix(MATRIX, LABELS, feature_types=["c", "q"], enable_categorical=True)
    return bytes(xgboost.train({"objective": "binary:logistic", "max_cat_to_onehot": 2}, data, 8).save_raw("ubj"))


@pytest.mark.parametrize("kind", [ColumnType.INTEGER, ColumnType.NUMBER])
@pytest.mark.parametrize(
    ("raw", "name", "form"),
    [(_lightgbm(), "model.txt", ModelFormat.LIGHTGBM), (_xgboost(), "model.ubj", ModelFormat.XGBOOST)],
    ids=["lightgbm", "xgboost"],
)
def test_native_categories_are_compiled(raw: bytes, name: str, form: ModelFormat, kind: ColumnType) -> None:
    made = _served(raw, name, form, (Column("code", kind, nullable=True), INPUTS[1]))
    assert (made.name, made.found.decisions_differing) == ("served.onnx", 0)
    assert made.found.adversarial_rows > 100
    assert OnnxPredictor.load(made.content).plan.width > len(INPUTS)


def test_native_categories_at_the_end_of_a_pipeline_are_compiled() -> None:
    last: Any = lightgbm.LGBMClassifier(n_estimators=8, num_leaves=6, min_data_per_group=5, verbose=-1)
    piped = make_pipeline(SimpleImputer(strategy="constant", fill_value=3.0), last)
    piped.fit(MATRIX, LABELS, lgbmclassifier__categorical_feature=[0])
    made = _served(pickle.dumps(piped), "model.pkl", ModelFormat.PICKLE)
    assert OnnxPredictor.load(made.content).plan.width > len(INPUTS)
    assert (made.name, made.found.decisions_differing, made.found.scores_differing) == ("served.onnx", 0, 0)


@pytest.mark.parametrize("code", [ColumnType.CATEGORY, ColumnType.INTEGER])
def test_catboosts_categories_are_served_by_its_own_library_which_says_so(code: ColumnType) -> None:
    rows, text = MATRIX.astype(object), code is ColumnType.CATEGORY
    rows[:, 0] = [str(int(value)) if text else int(value) for value in np.nan_to_num(MATRIX[:, 0], nan=99)]
    asked = {"iterations": 6, "verbose": False, "allow_writing_files": False, "thread_count": 1}
    model = catboost.CatBoostClassifier(**asked, cat_features=[0]).fit(rows, LABELS)
    inputs = (Column("code", code), INPUTS[1])
    table = pa.table({"code": pa.array(rows[:200, 0].tolist()), "debt": MATRIX[:200, 1]})
    for raw, name, kind in (
        (_saved(model), "model.cbm", ModelFormat.CATBOOST), (pickle.dumps(model), "model.pkl", ModelFormat.PICKLE)
    ):  # fmt: skip
        if kind is ModelFormat.PICKLE and not text:  # scikit-learn's way hands numbers over as fractions
            continue
        made = _form(raw, name, kind, inputs, table)
        assert (made.name, made.found.decisions_differing, made.found.scores_differing) == ("served.zip", 0, 0)
        piped = kind is ModelFormat.PICKLE
        assert ("reads categories itself within" if piped else "CatBoost counts there how often") in made.why


def test_catboost_of_numbers_in_a_pickle_is_compiled() -> None:
    model = catboost.CatBoostClassifier(iterations=6, verbose=False, allow_writing_files=False, thread_count=1)
    table = pa.table({"code": MATRIX[:200, 0], "debt": MATRIX[:200, 1]})
    inputs = (Column("code", ColumnType.NUMBER, nullable=True), INPUTS[1])
    made = _form(pickle.dumps(model.fit(MATRIX, LABELS)), "model.pkl", ModelFormat.PICKLE, inputs, table)
    assert (made.name, made.found.decisions_differing) == ("served.onnx", 0)


def test_catboosts_columns_must_be_of_its_kinds() -> None:
    asked = {"iterations": 2, "verbose": False, "allow_writing_files": False, "thread_count": 1}
    rows = [[str(value), 0.5] for value in LABELS]
    raw = _saved(catboost.CatBoostClassifier(**asked, cat_features=[0]).fit(rows, LABELS))
    table = pa.table({"code": [0.5], "debt": [0.5]})
    inputs = (Column("code", ColumnType.NUMBER), INPUTS[1])
    with pytest.raises(ValueError, match="code: text where the model reads numbers, or numbers where"):
        _form(raw, "model.cbm", ModelFormat.CATBOOST, inputs, table)
    with pytest.raises(ValueError, match="the model reads 2; declared as inputs are code"):
        _form(raw, "model.cbm", ModelFormat.CATBOOST, inputs[:1], table)


def _saved(model: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.cbm"
        model.save_model(str(path))
        return path.read_bytes()
