"""Pipelines of every kind that people bring, fitted on one small table, and the proof about each."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from muster.adapters.onnx import OnnxPredictor
from muster.adapters.sklearn.extract import extract
from muster.adapters.sklearn.frame import frame, rows_of, table_of
from muster.adapters.sklearn.predict import probabilities
from muster.columns.compiler import compile_served, planned
from muster.columns.proof.parity import Parity, parity
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

INPUTS = (
    Column("income", ColumnType.NUMBER, nullable=True),
    Column("home", ColumnType.CATEGORY),
    Column("age", ColumnType.INTEGER),
    Column("job", ColumnType.CATEGORY, nullable=True),
    Column("debt", ColumnType.NUMBER),
)
NUMBERS, TEXTS = ["income", "age", "debt"], ["home", "job"]
RULE = DecisionRule(0.4, Favourable.BELOW)


def rows(count: int = 400, seed: int = 3) -> tuple[pa.Table, Any]:
    """Return a table with nulls, rare categories and values that repeat, and labels that depend on all of it."""
    rng = np.random.default_rng(seed)
    income, age = np.round(rng.lognormal(3, 0.6, count), 1), rng.integers(18, 80, count)
    home, debt = rng.choice(["own", "rent", "other"], count, p=[0.5, 0.45, 0.05]), np.round(rng.gamma(2, 3, count), 2)
    job = rng.choice(["clerk", "nurse", "pilot", "smith", "clown"], count, p=[0.4, 0.3, 0.2, 0.06, 0.04]).astype(object)
    missing, jobless = rng.random(count) < 0.1, rng.random(count) < 0.1
    margin = 0.05 * (25 - income) + (home == "rent") - 0.02 * (age - 45) + jobless + missing + 0.1 * debt
    labels = (margin + rng.normal(size=count) > 1.0).astype(int)
    job[jobless] = None
    made = {"income": pa.array(income, mask=missing), "home": home, "age": age, "job": pa.array(job, pa.string())}
    return pa.table({**made, "debt": debt}), labels


def fitted(model: Any, inputs: tuple[Column, ...] = INPUTS) -> Any:
    """Fit a model on a frame of the inputs."""
    table, labels = rows()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(frame(table.select([column.name for column in inputs]), inputs), labels)


def proven(model: Any, inputs: tuple[Column, ...] = INPUTS, count: int = 150, **options: Any) -> Parity:
    """Compile a fitted model and compare it with itself, on other rows than it was fitted on."""
    encodings, form, mixes = extract(model, inputs, **options)
    plan = planned("sha256:00", "test", encodings, form, RULE, mixes)
    predictor = OnnxPredictor.load(compile_served(plan, form))
    table = rows(count, seed=4)[0].select([column.name for column in inputs])

    def original(given: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return probabilities(model, table_of(given, inputs), inputs, 1)

    return parity(original, predictor, predictor.plan, form, rows_of(table, inputs))


def only(frame_: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return some columns of a frame."""
    return frame_[names]
