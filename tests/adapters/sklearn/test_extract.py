"""What is extracted computes what scikit-learn computes: the matrix to the bit, trees to the bit, sums to rounding."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.neighbors import KNeighborsClassifier

from muster.adapters.onnx import OnnxPredictor
from muster.adapters.sklearn.extract import extract
from muster.adapters.sklearn.fit import fit, inputs
from muster.adapters.sklearn.frame import frame, rows_of, table_of
from muster.adapters.sklearn.predict import scores
from muster.columns.compiler import compile_served, planned
from muster.columns.encoder import Encoder
from muster.columns.plan import Plan
from muster.columns.proof.adversarial import UNKNOWN_CATEGORY
from muster.columns.proof.parity import parity
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, Recipe


def test_the_encoder_makes_the_matrix_of_the_pipeline(
    table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]
) -> None:
    model, taken = fit(table, recipe, columns), inputs(table, recipe, columns)
    encodings, *_ = extract(model, taken)
    rows = rows_of(table, taken)
    rows["job"] = np.array([UNKNOWN_CATEGORY] * 5 + rows["job"][5:].tolist(), object)
    wanted = model.named_steps["columns"].transform(frame(table_of(rows, taken), taken))
    assert Encoder(encodings, unknown="unknown").encode(rows).tobytes() == np.ascontiguousarray(wanted).tobytes()


def test_the_served_form_decides_as_the_original(table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]) -> None:
    model, taken = fit(table, recipe, columns), inputs(table, recipe, columns)
    encodings, form, _ = extract(model, taken)
    plan = Plan("sha256:00", recipe.learner, encodings, DecisionRule(0.3, Favourable.BELOW))
    predictor = OnnxPredictor.load(compile_served(plan, form))
    found = parity(
        lambda rows: scores(model, table_of(rows, taken), taken), predictor, plan, form, rows_of(table, taken)
    )
    assert found.decisions_differing == 0
    assert found.adversarial_rows > 200
    assert found.largest_score_difference <= (0.0 if recipe.learner == "gradient-boosting" else 1e-15)


def test_a_split_between_missing_and_present_values_is_kept() -> None:
    rng = np.random.default_rng(0)
    values = pa.array(rng.normal(size=400), mask=rng.random(400) < 0.5)
    table = pa.table({"x": values, "y": values.is_null().cast(pa.int64())})
    column = Column("x", ColumnType.NUMBER, nullable=True)
    model = fit(table, Recipe("gradient-boosting", ("x",), "y", 1, {"max_iter": 3}), (column,))
    encodings, form, _ = extract(model, (column,))
    plan = Plan("sha256:00", "gradient-boosting", encodings, DecisionRule(0.5, Favourable.BELOW))
    got = OnnxPredictor.load(compile_served(plan, form)).scores(Encoder(encodings).encode(rows_of(table, (column,))))
    assert got.tobytes() == scores(model, table, (column,)).tobytes()
    assert len(set(got.tolist())) == 2


def test_models_of_our_own_keep_the_first_format_of_plans(
    table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]
) -> None:
    model, taken = fit(table, recipe, columns), inputs(table, recipe, columns)
    encodings, form, _ = extract(model, taken)
    assert not any(encoding.places or encoding.unread for encoding in encodings)
    assert planned("sha256:00", recipe.learner, encodings, form, DecisionRule(0.3, Favourable.BELOW)).format == 1


def test_a_model_of_another_kind_is_refused(table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]) -> None:
    model, taken = fit(table, recipe, columns), inputs(table, recipe, columns)
    with pytest.raises(ValueError, match="does not read the inputs"):
        extract(model, (*taken, Column("shoe", taken[0].type)))
    model.steps[-1] = ("model", KNeighborsClassifier())
    with pytest.raises(ValueError, match="cannot compile KNeighborsClassifier: known are AdaBoostClassifier, Bagging"):
        extract(model, taken)
