"""The predictor takes only files that muster compiled, and scores a row alike alone and in a batch."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from muster.adapters import onnx as served
from muster.adapters.onnx import OnnxPredictor, logistic
from muster.columns.compiler import PLAN_KEY, compile_served
from muster.columns.forms import Linear
from muster.columns.plan import Encoding, Plan
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

PLAN = Plan(
    "sha256:00",
    "logistic-regression",
    (Encoding(Column("x", ColumnType.NUMBER)), Encoding(Column("y", ColumnType.NUMBER))),
    DecisionRule(0.5, Favourable.BELOW),
)
SERVED = compile_served(PLAN, Linear(np.array([1.5, -0.5]), 0.25))


@given(st.lists(st.floats(-800, 800), min_size=1, max_size=20))
def test_the_logistic_function_has_the_bits_of_scipy(margins: list[float]) -> None:
    values = np.array(margins)
    got = logistic(values)
    assert got.tobytes() == expit(values).tobytes()
    assert got[0] == logistic(values[:1])[0]


def test_the_logistic_function_at_the_ends() -> None:
    assert logistic(np.array([-1e308, 1e308])).tolist() == [0.0, 1.0]
    assert np.isnan(logistic(np.array([np.nan, -1e308]))[0])
    assert logistic(np.empty(0)).shape == (0,)


def test_scores_come_with_the_plan_of_the_same_bytes() -> None:
    predictor = OnnxPredictor.load(SERVED)
    assert predictor.plan == PLAN
    rows = np.array([[0.5, 1.0], [3.0, -2.0]])
    np.testing.assert_allclose(predictor.scores(rows), expit(rows @ [1.5, -0.5] + 0.25), rtol=1e-15)


def _changed(*, plan: bytes | None = None, width: int = 2) -> bytes:
    model = onnx.load_from_string(SERVED)
    del model.metadata_props[:]
    if plan is not None:
        onnx.helper.set_model_props(model, {PLAN_KEY: plan.decode()})
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = width
    model.graph.initializer[0].CopyFrom(onnx.numpy_helper.from_array(np.ones((width, 1)), "weights"))
    return bytes(model.SerializeToString())


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "does not load"),
        (SERVED[:100], "does not load"),
        (b"\x80\x04cos\nsystem\n", "does not load"),
        (_changed(), "holds no plan"),
        (_changed(plan=b"{}"), "not a plan"),
        (_changed(plan=PLAN.to_bytes(), width=3), "its plan makes a matrix of 2 columns"),
    ],
)
def test_bytes_that_are_not_a_served_model_are_refused(raw: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        OnnxPredictor.load(raw)


def test_the_gateway_loads_no_training_library_with_it() -> None:
    code = (
        f"import sys, {served.__name__}, muster.columns.encoder; "
        "print(*sorted({'onnx', 'sklearn', 'skops', 'pandas', 'scipy', 'pyarrow'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


def _with(change: Any) -> bytes:
    model = onnx.ModelProto.FromString(SERVED)
    change(model)
    return bytes(model.SerializeToString())


def _loop(model: onnx.ModelProto) -> None:
    model.graph.node.add(op_type="Loop", input=["", "", "margin"], output=["again"])


def _second_name(model: onnx.ModelProto) -> None:
    model.graph.node[0].domain = "ai.onnx.ml"


def _graph_within(model: onnx.ModelProto) -> None:
    model.graph.node[0].attribute.add(name="body", type=onnx.AttributeProto.GRAPH).g.CopyFrom(onnx.GraphProto())


def _function(model: onnx.ModelProto) -> None:
    model.functions.add(name="MatMul", domain="muster")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_loop, "which muster never writes"),
        (_second_name, "which muster never writes"),
        (_function, "which muster never writes"),
        (_graph_within, "does not load"),
    ],
)
def test_what_muster_never_writes_is_not_loaded(change: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        OnnxPredictor.load(_with(change))


def test_a_graph_in_two_pieces_or_under_an_odd_tag_hides_no_operator() -> None:
    hidden = onnx.GraphProto(node=[onnx.NodeProto(op_type="Loop", output=["x"])]).SerializeToString()
    assert hidden[0] < 0x80
    for tag in (b"\x3a", b"\xba\x00"):
        with pytest.raises(ValueError, match="which muster never writes"):
            served.require_compiled(SERVED + tag + bytes([len(hidden)]) + hidden)
    odd_tag = b"\xba\x80\x80\x80\x10"  # a reader of 32 bits takes it for field 7
    with pytest.raises(ValueError, match="does not load"):
        served.require_compiled(SERVED + odd_tag + bytes([len(hidden)]) + hidden)


@given(st.binary(max_size=200))
def test_whatever_bytes_there_are_reading_them_ends(content: bytes) -> None:
    for raw in (content, SERVED[: len(content)] + content):
        with contextlib.suppress(ValueError):
            served.require_compiled(raw)


def test_the_runtime_keeps_no_id_of_the_machine_and_tells_its_maker_nothing(tmp_path: Path) -> None:
    own = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "ORT_DISABLE_TELEMETRY": "0"}
    code = "import muster.adapters.onnx, muster.adapters.graphs.given"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **own}, check=True)
    assert list(tmp_path.rglob("*")) == []
