"""Compiled bytes: the same for the same model, computing what the form computes, and nothing that is not finite."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import pytest

from muster.adapters.onnx import OnnxPredictor
from muster.columns.compiler import PLAN_KEY, compile_served
from muster.columns.forms import Form, Linear, Tree, Trees
from muster.columns.plan import Encoding, Plan
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

PLAN = Plan(
    "sha256:00",
    "gradient-boosting",
    tuple(Encoding(Column(f"x{place}", ColumnType.NUMBER, nullable=True)) for place in range(3)),
    DecisionRule(0.5, Favourable.BELOW),
)

STRICT = replace(PLAN, encodings=tuple(Encoding(Column(f"x{place}", ColumnType.NUMBER)) for place in range(3)))


def random_tree(rng: np.random.Generator, depth: int) -> Tree:
    """A full tree with thresholds that ordinary rows hit, some of them infinite."""
    count, inner = 2 ** (depth + 1) - 1, 2**depth - 1
    threshold = rng.integers(-3, 4, count).astype(np.float64)
    threshold[rng.random(count) < 0.1] = np.inf
    return Tree(
        feature=rng.integers(0, 3, count),
        threshold=threshold,
        missing_left=rng.random(count) < 0.5,
        left=np.where(np.arange(count) < inner, 2 * np.arange(count) + 1, 0),
        right=np.where(np.arange(count) < inner, 2 * np.arange(count) + 2, 0),
        leaf=np.arange(count) >= inner,
        value=rng.normal(size=count),
    )


@pytest.mark.parametrize("depth", [0, 1, 4])
def test_trees_keep_every_bit_at_their_thresholds_and_at_missing_values(depth: int) -> None:
    rng = np.random.default_rng(depth)
    form = Trees(-0.3, tuple(random_tree(rng, depth) for _ in range(20)))
    rows = rng.integers(-4, 5, (400, 3)).astype(np.float64)
    rows[rng.random(rows.shape) < 0.2] = np.nan
    rows[200:] = np.nextafter(rows[200:], rng.choice([-np.inf, np.inf], (200, 3)))
    predictor = OnnxPredictor.load(compile_served(PLAN, form))
    assert predictor.margins(rows).tobytes() == form.margins(rows).tobytes()
    assert predictor.margins(rows[7:8])[0] == form.margins(rows)[7]


def test_a_linear_form_differs_by_rounding_only() -> None:
    rng = np.random.default_rng(0)
    form, rows = Linear(rng.normal(size=3), 0.7), rng.normal(size=(50, 3))
    got = OnnxPredictor.load(compile_served(STRICT, form)).margins(rows)
    np.testing.assert_allclose(got, form.margins(rows), rtol=0, atol=4e-15)


def test_the_same_version_gives_the_same_bytes_and_another_threshold_gives_others() -> None:
    form = Linear(np.ones(3), 0.0)
    other = replace(STRICT, decision=DecisionRule(0.4, Favourable.BELOW))
    assert compile_served(STRICT, form) == compile_served(STRICT, form) != compile_served(other, form)


def test_the_plan_travels_in_the_file() -> None:
    served = onnx.load_from_string(compile_served(STRICT, Linear(np.ones(3), 0.0)))
    held = {item.key: item.value for item in served.metadata_props}
    assert Plan.from_bytes(held[PLAN_KEY].encode()) == STRICT


@pytest.mark.parametrize(
    ("form", "what"),
    [
        (Linear(np.ones(2), 0.0), "does not read the 3 columns that its plan makes"),
        (Linear(np.array([1.0, np.nan, 1.0]), 0.0), "not finite"),
        (Trees(np.inf, ()), "not finite"),
    ],
)
def test_what_cannot_be_served_is_refused(form: Form, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        compile_served(STRICT, form)


def test_a_linear_model_refuses_a_column_that_may_be_null_and_has_no_fill() -> None:
    with pytest.raises(ValueError, match="x0, x1, x2 may be null"):
        compile_served(PLAN, Linear(np.ones(3), 0.0))
