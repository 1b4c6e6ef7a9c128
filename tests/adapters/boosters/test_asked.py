"""CatBoost models that only ask which category it is are compiled: the library says itself which questions are true."""

from __future__ import annotations

from typing import Any

import catboost
import numpy as np
import pytest

from muster.adapters.boosters.cat import CatModel
from muster.adapters.boosters.matrix import objects
from muster.adapters.onnx import OnnxPredictor
from muster.columns.compiler import compile_served, planned
from muster.columns.proof.parity import parity
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

RULE = DecisionRule(0.4, Favourable.BELOW)
HOMES = ("", "other", "own", "rent", "zimmer frei")
COLUMNS = (
    Column("home", ColumnType.CATEGORY, categories=HOMES),
    Column("debt", ColumnType.NUMBER, nullable=True),
    Column("car", ColumnType.CATEGORY, nullable=True, categories=("no", "yes")),
    Column("sign", ColumnType.CATEGORY, categories=("fish", "lion")),
)


def _rows(count: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    debt = np.round(rng.normal(0, 2, count), 1)
    debt[rng.random(count) < 0.1] = np.nan
    car = rng.choice(["no", "yes"], count).astype(object)
    home, sign = rng.choice(HOMES, count).astype(object), np.full(count, "lion", object)
    return {"home": home, "debt": debt, "car": car, "sign": sign}


def _fitted(**more: Any) -> CatModel:
    rows = _rows(500, 0)
    labels = ((rows["home"] == "own") ^ (rows["debt"] > 0.3) ^ (rows["car"] == "yes")).astype(int)
    asked = {"iterations": 12, "depth": 4, "one_hot_max_size": 10, **more}
    model = catboost.CatBoost({**asked, "loss_function": "Logloss", "verbose": False, "allow_writing_files": False})
    texts = [0, 2, 3]
    return CatModel(model.fit(catboost.Pool(objects(COLUMNS, texts, rows), labels, cat_features=texts)))


def test_questions_about_categories_are_compiled_to_the_bit() -> None:
    model = _fitted()
    encodings, form = model.spread(COLUMNS)
    assert [encoding.unread for encoding in encodings] == [False, False, False, True]
    assert not encodings[2].null_place  # CatBoost reads no null there, so that none is served
    plan = planned("sha256:00", "test", encodings, form, RULE)
    predictor = OnnxPredictor.load(compile_served(plan, form))

    def original(rows: Any) -> Any:
        return model.probabilities(objects(COLUMNS, model.categories, rows))

    found = parity(original, predictor, predictor.plan, form, _rows(200, 1))
    assert (found.decisions_differing, found.scores_differing) == (0, 0)
    assert found.adversarial_rows > 50


def test_a_category_that_is_not_declared_is_refused() -> None:
    few = Column("home", ColumnType.CATEGORY, categories=("rent",))
    with pytest.raises(ValueError, match="home: the model asks for a category that is not declared"):
        _fitted().spread((few, *COLUMNS[1:]))
    with pytest.raises(ValueError, match="home: the model reads its integers as categories"):
        _fitted().spread((Column("home", ColumnType.INTEGER), *COLUMNS[1:]))


def test_categories_that_are_counted_are_refused() -> None:
    with pytest.raises(ValueError, match="OnlineCtr, which muster cannot compile"):
        _fitted(one_hot_max_size=2, simple_ctr=["Counter"]).spread(COLUMNS)
