"""The rung that is taken is the first that is proven, and why it is not the first of all is said."""

from __future__ import annotations

import pickle  # noqa: TID251 - a model file is written here; only the worker loads it, by the list
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from muster.records.canonical import digest
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, Manifest, ModelFormat, Reading, Recipe
from muster.wiring.inside.compiling import served_form
from muster.wiring.inside.models import opened

ROWS = np.random.default_rng(0).normal(size=(80, 1))
LABELS = (ROWS[:, 0] > 0).astype(int)


@pytest.mark.parametrize(
    ("model", "name", "why"),
    [
        (LogisticRegression(), "served.onnx", ""),
        (KNeighborsClassifier(), "served.zip", "muster cannot compile KNeighborsClassifier"),
    ],
)
def test_the_first_rung_that_is_proven_is_taken(model: Any, name: str, why: str) -> None:
    raw, told = pickle.dumps(model.fit(ROWS, LABELS)), list[str]()
    manifest = Manifest(
        Recipe("any", ("debt",), "default", 1, {}),
        DecisionRule(0.3, Favourable.BELOW),
        (Column("debt", ColumnType.NUMBER),),
        {"model.pkl": digest(raw)},
        ModelFormat.PICKLE,
        Reading(1),
    )
    original = opened(manifest, lambda _: raw, told.append)
    table = pa.table({"debt": ROWS[:, 0]})
    made = served_form(manifest, original, {"model.pkl": raw}, table, "scikit-learn 1", told.append)
    assert made.name == name
    assert made.why.startswith(why)
    assert made.found.decisions_differing == 0
    assert any("in a worker process without keys" in line for line in told) == bool(why)
