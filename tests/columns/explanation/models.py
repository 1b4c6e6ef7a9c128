"""Small served models with categories, missing values and a reason map, and rows that they score."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from tests.columns.explanation.games import grown

from muster.adapters.onnx import OnnxPredictor
from muster.columns.compiler import compile_served
from muster.columns.explanation.explainer import Explainer
from muster.columns.explanation.reading import read_served
from muster.columns.forms import Form, Linear, Trees
from muster.columns.plan import Encoding, Plan
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable
from muster.records.policy import Factor, ReasonMap

RULE = DecisionRule(0.5, Favourable.BELOW)
ENCODINGS = (
    Encoding(Column("income", ColumnType.NUMBER, nullable=True), fill=1.0, mean=1.0, scale=2.0),
    Encoding(Column("late", ColumnType.INTEGER), mean=0.0),
    Encoding(Column("region", ColumnType.CATEGORY), categories=("east", "north", "south")),
    Encoding(Column("age", ColumnType.INTEGER), mean=50.0, scale=15.0),
)
INPUTS = tuple(encoding.column.name for encoding in ENCODINGS)
REASONS = ReasonMap(
    "loans",
    "loans",
    (
        Factor("money", ("income", "savings"), "Income", changeable=True),
        Factor("late", ("late",), "Late payments", changeable=True),
        Factor("place", ("region",), "", nameable=False),
        Factor("pets", ("dogs",), "Pets"),
    ),
    most=3,
)
LINEAR = Linear(np.array([-1.5, 0.8, 0.3, -0.2, 0.1, -0.4]), -0.2)


def forest(seed: int = 0) -> Trees:
    rng = np.random.default_rng(seed)
    return Trees(-0.1, tuple(grown(rng, 6, 4) for _ in range(8)))


def explainer(form: Form, rule: DecisionRule = RULE, reasons: ReasonMap = REASONS) -> Explainer:
    """Compile a form, read it back from its bytes, and explain with those."""
    served = compile_served(Plan("sha256:00", "learner", ENCODINGS, rule), form)
    return Explainer(*read_served(served), OnnxPredictor.load(served), reasons)


def people(rows: int, seed: int = 0) -> pa.Table:
    rng = np.random.default_rng(seed)
    income = rng.normal(1, 2, rows).round(2)
    return pa.table(
        {
            "income": pa.array(income, mask=rng.random(rows) < 0.1),
            "late": rng.poisson(1.0, rows),
            "region": rng.choice(["east", "north", "south"], rows),
            "age": rng.integers(18, 80, rows),
            "more": np.arange(rows),
        }
    )
