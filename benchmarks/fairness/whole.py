"""A whole assessment: every check of the library on the Taiwan data, with the model beside it."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from muster.adapters.assets import asset
from muster.adapters.onnx import OnnxPredictor
from muster.adapters.sklearn.extract import extract
from muster.adapters.sklearn.fit import fit
from muster.adapters.yamlfiles.reasons import read_reason_map
from muster.checks.registry import CHECKS
from muster.columns.compiler import compile_served
from muster.columns.explanation.explainer import Explainer
from muster.columns.plan import Plan
from muster.columns.rescoring import Companion
from muster.columns.sample import Sample
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, Recipe

TARGET = "default-payment-next-month"
PEOPLE = ("ID", "SEX", "AGE", TARGET)
ASKED: dict[str, dict[str, Any]] = {
    "data.columns": {"prohibited": ["NAME"], "restricted": ["SEX", "AGE"]},
    "fairness.adjusted_odds": {"attribute": "SEX", "controls": ["LIMIT_BAL", "PAY_0"]},
    "fairness.amount_gap": {"attribute": "SEX", "reference": "1"},
    "fairness.inferred_membership": {"probabilities": {"one": "p_one", "two": "p_two"}, "reference": "one"},
    "fairness.label_disparity": {"attribute": "SEX", "reference": "1"},
    "fairness.local_law_144": {"sex": "SEX", "race": "AGE", "bands": {"AGE": [25, 35, 50]}},
    "fairness.prohibited_inputs": {"columns": ["AGE", "SEX", "MARRIAGE_*"]},
    "performance.comparison": {"benchmark": "champion"},
    "performance.stability": {"column": "AGE", "bands": [25, 35, 50]},
    "performance.value": {
        "currency": "TWD", "true_positive": 0, "false_positive": -2000, "true_negative": 8000, "false_negative": -45000,
    },
    "robustness.scenarios": {"scenarios": {"incomes fall": [{"column": "LIMIT_BAL", "multiply": 0.5}]}},
}  # fmt: skip
"""Parameters of checks that need more than an attribute."""


def assess() -> tuple[float, list[list[object]]]:
    """Return the seconds of all checks together, and a line for each; fitting the model is not counted."""
    sample = _sample()
    amounts = _amounts(sample.table)
    others = {
        "fairness.amount_gap": amounts,
        "performance.multiclass": _classes(sample.table),
        "performance.regression": amounts,
    }
    lines: list[list[object]] = []
    total = 0.0
    for name, check in CHECKS.items():
        attribute = {"attribute": "AGE", "bands": [25, 35, 50]} if "attribute" in check.parameters else {}
        known = {key: value for key, value in attribute.items() if key in check.parameters}
        begun = time.perf_counter()
        found = check.measure(others.get(name, sample), ASKED.get(name, known))
        took = time.perf_counter() - begun
        total += took
        lines.append([name, took, len(found.figures), found.reason[:90] or found.outcome.value])
    return total, lines


def _sample() -> Sample:
    """Train on the first rows, compile as for serving, and score all rows with what would be served."""
    table = pq.read_table(io.BytesIO(asset("data/taiwan_credit_default.parquet")))
    inputs = tuple(name for name in table.column_names if name not in PEOPLE and not name.startswith("MARRIAGE"))
    columns = tuple(Column(name, ColumnType.NUMBER, nullable=True) for name in inputs)
    recipe = Recipe("gradient-boosting", inputs, TARGET, 1, {"max_iter": 100, "learning_rate": 0.05})
    training, rule = table.slice(0, 21_000), DecisionRule(0.25, Favourable.BELOW)
    encodings, form, _ = extract(fit(training, recipe, columns), columns)
    plan = Plan("sha256:00", recipe.learner, encodings, rule)
    predictor = OnnxPredictor.load(compile_served(plan, form))
    reasons = read_reason_map(asset("reasons/consumer-credit.yaml").decode(), "consumer-credit.yaml")
    rescore = Explainer(plan, form, predictor, reasons)
    scores = rescore(table)
    generator = np.random.default_rng(1)
    one = generator.choice([0.2, 0.8], table.num_rows)
    champion = np.clip(scores + generator.normal(0, 0.05, table.num_rows), 0, 1)
    for name, values in (("champion", champion), ("p_one", one), ("p_two", 1 - one)):
        table = table.append_column(name, pa.array(values))
    sample = Sample.of(
        table,
        scores,
        rule,
        name="taiwan",
        digest="sha256:00",
        role="held-out",
        inputs=inputs,
        target=TARGET,
        positive=1,
    )
    companion = Companion.of(training, name="taiwan-training", digest="sha256:11", role="training")
    return replace(sample, reference=sample.freeze(columns), rescorer=rescore, companion=companion)


def _classes(table: pa.Table) -> Sample:
    """Say how late the next payment is by how late the last was: shares of the first rows, one count added."""
    late, last = (np.clip(np.asarray(table.column(name)), 0, 2) for name in ("PAY_0", "PAY_2"))
    counts = np.bincount(last[:21_000] * 3 + late[:21_000], minlength=9).reshape(3, 3) + 1.0
    shares = (counts / counts.sum(axis=1, keepdims=True))[last]
    rows = pa.table({"late": late})
    return Sample.of_classes(rows, shares, ("0", "1", "2"), target="late", name="late", digest="", role="bench")


def _amounts(table: pa.Table) -> Sample:
    """Say that the next bill is the last one."""
    return Sample.of_amounts(table, "BILL_AMT2", target="BILL_AMT1", name="bills", digest="", role="bench")
