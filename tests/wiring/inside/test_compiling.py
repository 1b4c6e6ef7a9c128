"""The rung that is taken is the first that is proven, and why it is not the first of all is said."""

from __future__ import annotations

import io
import pickle  # noqa: TID251 - a model file is written here; only the worker loads it, by the list
import zipfile
from typing import Any

import numpy as np
import onnx
import pyarrow as pa
import pytest
import yaml
from onnx import TensorProto, helper, numpy_helper
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from tests.adapters.graphs import exported

from muster.adapters.graphs.within import GraphModel
from muster.adapters.sklearn.extract import extract
from muster.columns.compiler import compile_served, planned
from muster.records.canonical import digest
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, MadeFrom, Manifest, ModelFormat, Reading, Recipe
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


def _hidden() -> bytes:
    hard = helper.make_node("HardSigmoid", ["X"], ["s"])
    return exported.model(
        [hard, exported.classifier(matrix="s")],
        [exported.port("X", [None, 2])],
        [exported.port("probabilities", [None, 2])],
    )


def _folder(raw: bytes) -> bytes:
    """As MLflow writes the folder of a graph."""
    written = io.BytesIO()
    flavors = {"python_function": {"loader_module": "mlflow.onnx"}, "onnx": {"data": "model.onnx"}}
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("model/MLmodel", yaml.safe_dump({"flavors": flavors}))
        archive.writestr("model/model.onnx", raw)
    return written.getvalue()


@pytest.mark.parametrize(
    ("raw", "name", "engine", "why"),
    [
        (exported.joined(), "served.graph", "in the gateway", "does not know exactly"),
        (_hidden(), "served.zip", "in a worker", "'HardSigmoid' of the domain 'ai.onnx' is not on the list"),
    ],
)
@pytest.mark.parametrize("form", [ModelFormat.ONNX, ModelFormat.PYFUNC])
def test_a_graph_of_others_is_run_in_the_gateway_where_it_is_listed(
    raw: bytes, name: str, engine: str, why: str, form: ModelFormat
) -> None:
    raw = raw if form is ModelFormat.ONNX else _folder(raw)
    manifest = Manifest(
        Recipe("graph", ("a", "b"), "default", 1, {}),
        DecisionRule(0.3, Favourable.BELOW),
        (Column("a", ColumnType.NUMBER, maximum=1e6), Column("b", ColumnType.NUMBER)),
        {"model.onnx": digest(raw)},
        form,
        Reading(1),
    )
    told = list[str]()
    original = opened(manifest, lambda _: raw, told.append)
    table = pa.table({"a": ROWS[:, 0], "b": ROWS[:, 0] * 2})
    made = served_form(manifest, original, {"model.onnx": raw}, table, "onnxruntime 1", told.append)
    assert (made.name, made.engine.endswith(engine)) == (name, True)
    assert why in made.why
    assert made.found.decisions_differing == 0
    assert made.found.adversarial_rows > 0
    if name == "served.graph":
        assert GraphModel.load(made.content).plan.columns == manifest.inputs


CENTS = np.round(np.random.default_rng(1).lognormal(3, 1, (600, 2)), 2)
BOOSTED = HistGradientBoostingClassifier(max_iter=10).fit(CENTS, (CENTS[:, 0] * CENTS[:, 1] > 400).astype(int))
TWO = (Column("a", ColumnType.NUMBER), Column("b", ColumnType.NUMBER))


def _converted(kind: int) -> bytes:
    """Write the trees as converters do: in single precision, which is silently wrong, or in double."""
    number = {TensorProto.FLOAT: np.float32, TensorProto.DOUBLE: np.float64}[kind]
    encodings, form, _ = extract(BOOSTED, TWO)
    raw = compile_served(planned("", "trees", encodings, form, DecisionRule(0.3, Favourable.BELOW)), form)
    (node,) = onnx.load_from_string(raw).graph.node
    for attribute in node.attribute:
        if attribute.name in {"nodes_splits", "leaf_weights"}:
            attribute.t.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(attribute.t).astype(number)))
    sigmoid = helper.make_node("Sigmoid", ["margin"], ["probability"])
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5)]
    ports = [exported.port("matrix", [None, 2], kind)], [exported.port("probability", [None, 1], kind)]
    return exported.model([node, sigmoid], *ports, opsets=opsets)


@pytest.mark.parametrize("kind", [TensorProto.FLOAT, TensorProto.DOUBLE])
def test_a_graph_is_held_against_the_model_it_was_made_from(kind: int) -> None:
    raw, before = _converted(kind), pickle.dumps(BOOSTED)
    made_from = MadeFrom(ModelFormat.PICKLE, {"model.pkl": digest(before)})
    manifest = Manifest(
        Recipe("graph", ("a", "b"), "default", 1, {}), DecisionRule(0.3, Favourable.BELOW), TWO,
        {"model.onnx": digest(raw)}, ModelFormat.ONNX, Reading(1), None, made_from,
    )  # fmt: skip
    told = list[str]()
    graph = opened(manifest, lambda _: raw, told.append)
    assert manifest.source is not None
    original = opened(manifest.source, lambda _: before, told.append)
    table = pa.table({"a": CENTS[:200, 0] + 0.005, "b": CENTS[:200, 1]})
    if kind == TensorProto.FLOAT:
        with pytest.raises(ValueError, match="would decide otherwise than the original on .* register that instead"):
            served_form(manifest, graph, {"model.onnx": raw}, table, "onnxruntime 1", told.append, original)
        return
    made = served_form(manifest, graph, {"model.onnx": raw}, table, "onnxruntime 1", told.append, original)
    assert (made.name, made.found.decisions_differing) == ("served.graph", 0)
    assert made.found.adversarial_rows > 500
    assert made.found.largest_score_difference < 1e-14
