from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper
from tests.columns.explanation.games import drawn, grown

from muster.columns.compiler import PLAN_KEY, compile_served
from muster.columns.explanation.reading import read_served
from muster.columns.forms import Form, Linear, Trees
from muster.columns.plan import Encoding, Plan
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

PLAN = Plan(
    "sha256:00",
    "gradient-boosting",
    tuple(Encoding(Column(f"x{place}", ColumnType.NUMBER, nullable=True), fill=0.0) for place in range(5)),
    DecisionRule(0.5, Favourable.BELOW),
)


def forest(seed: int, depth: int, count: int = 12) -> Trees:
    rng = np.random.default_rng(seed)
    return Trees(-0.3, tuple(grown(rng, 5, depth) for _ in range(count)))


@pytest.mark.parametrize("form", [forest(0, 0), forest(1, 1), forest(2, 6), forest(3, 4, 0)])
def test_trees_come_back_to_the_last_bit(form: Trees) -> None:
    served = compile_served(PLAN, form)
    plan, again = read_served(served)
    rows = drawn(np.random.default_rng(9), 300, 5)
    assert plan == PLAN
    assert isinstance(again, Trees)
    assert again.margins(rows).tobytes() == form.margins(rows).tobytes()
    assert compile_served(plan, again) == served


def test_a_linear_model_comes_back_to_the_last_bit() -> None:
    form = Linear(np.array([0.1, -0.0, 1e-300, 3.0, -2.5]), -0.7)
    _, again = read_served(compile_served(PLAN, form))
    assert isinstance(again, Linear)
    assert again.weights.tobytes() == form.weights.tobytes()
    assert again.intercept == form.intercept


def changed(form: Form, name: str, values: object) -> bytes:
    """Compile and then change one attribute of the operator."""
    model = onnx.load_from_string(compile_served(PLAN, form))
    node = model.graph.node[0]
    kept = [item for item in node.attribute if item.name != name]
    del node.attribute[:]
    node.attribute.extend([*kept, helper.make_attribute(name, values)])
    return model.SerializeToString(deterministic=True)


@pytest.mark.parametrize(
    ("served", "what"),
    [
        (b"not onnx at all", "not an ONNX file"),
        (b"", "holds no plan"),
        (changed(forest(2, 3), "tree_roots", [0, 999]), "trees cannot be read"),
        (changed(forest(2, 3), "post_transform", 1), "not what muster's compiler writes"),
        (changed(forest(2, 3), "nodes_truenodeids", [0] * 10_000), "trees cannot be read|not what muster"),
    ],
)
def test_other_bytes_are_refused(served: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        read_served(served)


def test_a_computation_of_another_kind_is_refused() -> None:
    model = onnx.load_from_string(compile_served(PLAN, Linear(np.ones(5), 0.0)))
    assert model.metadata_props[0].key == PLAN_KEY
    model.graph.node[1].op_type = "Sub"
    with pytest.raises(ValueError, match="computes MatMul, Sub"):
        read_served(model.SerializeToString())
