from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import helper
from tests.columns.explanation.models import drawn, grown

from muster.adapters.onnx import OnnxPredictor
from muster.columns.compiler import PLAN_KEY, compile_served
from muster.columns.encoding.head import Link
from muster.columns.explanation.reading import read_served
from muster.columns.forms import Form, Linear, Member, Members, Network, Trees
from muster.columns.plan import PLACED_FORMAT, Encoding, Plan
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


def headed(*members: Linear | Trees | Network) -> tuple[Plan, Members]:
    """Members that read other columns each, behind a head."""
    each = tuple(Member(place, 5 - place, form) for place, form in enumerate(members))
    margins = tuple(Link("margin", (), (float(number),)) for number in range(len(each)))
    head = (*margins, Link("mean", tuple(range(len(each)))))
    return replace(PLAN, head=head, format=PLACED_FORMAT), Members(each, head)


def test_members_come_back_to_the_last_bit() -> None:
    rng = np.random.default_rng(4)
    trees = Trees(0.1, tuple(grown(rng, 4, 4) for _ in range(5)))
    plan, form = headed(forest(1, 3), trees, Linear(np.array([0.5, -1.5, 3.0]), -0.7))
    served = compile_served(plan, form)
    again_plan, again = read_served(served)
    rows = np.nan_to_num(drawn(np.random.default_rng(9), 300, 5))
    assert again_plan == plan
    assert isinstance(again, Members)
    assert again.margins(rows).tobytes() == form.margins(rows).tobytes()
    assert OnnxPredictor.load(served).margins(rows).tobytes() == form.margins(rows).tobytes()


def test_a_member_that_is_a_network_is_said() -> None:
    layers = ((np.ones((5, 2)), np.zeros(2)), (np.ones((2, 1)), np.zeros(1)))
    with pytest.raises(ValueError, match="member 0 of the served artifact is a network"):
        read_served(compile_served(*headed(Network(layers, "tanh"))))


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
