"""An ONNX graph as given is released, admitted and answered in the gateway itself, with no worker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from tests.adapters.graphs.exported import model, port
from tests.adapters.mlflow.test_folder import described
from tests.gateway.caller import Caller
from tests.gateway.papers.written import COLUMNS, RULE, Terms, body
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.adapters.graphs.given import GivenGraph
from muster.adapters.sandbox.original import OriginalModel
from muster.columns.original.container import GRAPH, contain
from muster.gateway.app import Gateway
from muster.records.canonical import digest
from muster.records.model import Manifest, ModelFormat, Reading, Recipe
from muster.wiring.carried.models import read_model


def _exported() -> bytes:
    """As converters write a pipeline: texts to numbers, numbers filled, all in a row, a logistic regression."""
    ml = "ai.onnx.ml"
    nodes = [
        helper.make_node(
            "LabelEncoder", ["job"], ["coded"], domain=ml, keys_strings=_JOBS, values_floats=[0.0, 1.0, 2.0]
        ),
        helper.make_node(
            "Imputer", ["months"], ["filled"], domain=ml, imputed_value_floats=[60.0], replaced_value_float=np.nan
        ),
        helper.make_node("Scaler", ["income"], ["scaled"], domain=ml, offset=[45_000.0], scale=[1e-5]),
        helper.make_node("Concat", ["scaled", "filled", "coded"], ["matrix"], axis=1),
        helper.make_node(
            "LinearClassifier",
            ["matrix"],
            ["label", "probabilities"],
            domain=ml,
            coefficients=[4.0, 0.001, -0.2, -4.0, -0.001, 0.2],
            intercepts=[0.1, -0.1],
            classlabels_ints=[0, 1],
            post_transform="LOGISTIC",
        ),
    ]
    kinds = {"income": TensorProto.FLOAT, "months": TensorProto.FLOAT, "job": TensorProto.STRING}
    inputs = [port(name, [None, 1], kind) for name, kind in kinds.items()]
    return model(nodes, inputs, [port("label", [None], TensorProto.INT64), port("probabilities", [None, 2])])


_JOBS = ["clerk", "smith", "weaver"]
RAW = _exported()
MANIFEST = Manifest(
    Recipe("graph", tuple(column.name for column in COLUMNS), "default", 1, {}),
    RULE,
    tuple(COLUMNS),
    {"model.onnx": digest(RAW)},
    ModelFormat.ONNX,
    Reading(1),
)


FOLDER = described(
    {"python_function": {"loader_module": "mlflow.onnx"}, "onnx": {"data": "model.onnx"}}, model__onnx=RAW
)
MLFLOW = replace(MANIFEST, files={"model.zip": digest(FOLDER)}, format=ModelFormat.PYFUNC)
ARTIFACTS = {
    MANIFEST.format: (MANIFEST, GRAPH + contain(MANIFEST, {"model.onnx": RAW})),
    MLFLOW.format: (MLFLOW, GRAPH + contain(MLFLOW, {"model.zip": FOLDER}, "model.onnx")),
}


class Given(World):
    """A world whose artifact is a graph as somebody gave it, by itself or as MLflow keeps it."""

    format = ModelFormat.ONNX

    def artifact(self, *_: Any, **__: Any) -> bytes:
        return ARTIFACTS[self.format][1]


@pytest.mark.parametrize("form", ARTIFACTS)
def test_a_graph_is_admitted_and_answers_exactly_without_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: ModelFormat
) -> None:
    monkeypatch.setattr(Terms, "manifest", property(lambda _: ARTIFACTS[form][0]))
    monkeypatch.setattr(Given, "format", form)
    monkeypatch.setattr(OriginalModel, "load", lambda *_: pytest.fail("a worker was started"))
    world, told, log = Given(tmp_path), list[str](), ArrowLog(tmp_path / "log", Rolling(linger_s=0.0))
    world.order(world.release())
    table = world.admissions(log, read=read_model).refresh()
    assert "its operators are listed, and this gateway runs it itself" in "\n".join(table.places["loans"].steps)
    caller = Caller(Gateway(table, lambda: world.now, told.append), told)

    asked = {"income": [20_000.0, 31_000.0, 80_000.0], "months": [12, None, 30], "job": _JOBS}
    status, answer = caller.infer(body(3, **asked))
    assert (status, caller("GET", "/v2/models/loans")[1]["platform"]) == (200, "muster_graph")
    rows = {**asked, "months": [12.0, np.nan, 30.0]}
    wanted = GivenGraph(RAW, COLUMNS, 1).probabilities(
        {name: np.array(values, object if name == "job" else np.float64) for name, values in rows.items()}
    )
    scores = next(output["data"] for output in answer["outputs"] if output["name"] == "score")
    assert scores == wanted.tolist()
    assert len(set(scores)) == 3
    assert caller.infer(body(1, income=["much"]))[0] == 400
    log.close()
