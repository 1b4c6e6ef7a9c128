"""Boosters that split on categories themselves are compiled, and decide alike on every code and beside it."""

from __future__ import annotations

import pickle  # noqa: TID251 - a model file is written here; only the worker loads it, by the list
from typing import Any

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
    decision, files = DecisionRule(0.4, Favourable.BELOW), {name: raw}
    recipe = Recipe("any", tuple(column.name for column in inputs), "default", 1, {})
    manifest = Manifest(recipe, decision, inputs, {name: digest(raw)}, kind, Reading(1))
    code = pa.array(MATRIX[:300, 0], pa.float64(), mask=np.isnan(MATRIX[:300, 0]))
    code = code.cast(pa.int64()) if inputs[0].type is ColumnType.INTEGER else code
    table = pa.table({"code": code, "debt": MATRIX[:300, 1]})
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
