"""A listed graph scores in this very process what the registered one does, and loads nothing that is fenced."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper
from tests.adapters.graphs.exported import joined, model, named, port

from muster.adapters.graphs.given import GivenGraph
from muster.adapters.graphs.within import GraphModel
from muster.columns.original.container import GRAPH, contain
from muster.records.canonical import digest
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, Manifest, ModelFormat, Reading, Recipe

INPUTS = (Column("a", ColumnType.NUMBER), Column("b", ColumnType.INTEGER))


def artifact(raw: bytes, form: ModelFormat = ModelFormat.ONNX, within: str = "") -> bytes:
    rule, recipe = DecisionRule(0.3, Favourable.BELOW), Recipe("graph", ("a", "b"), "default", 1, {})
    return GRAPH + contain(Manifest(recipe, rule, INPUTS, {"m": digest(raw)}, form, Reading(1)), {"m": raw}, within)


def folder(raw: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("top/model.onnx", raw)
    return written.getvalue()


def _scored(model: GraphModel, given: Any) -> Any:
    return model.scores(model.encoder("refuse").encode(given))


def test_the_graph_of_a_folder_scores_as_it_does_alone() -> None:
    given = {"a": [0.1, -1.0], "b": [1, 0]}
    inside = GraphModel.load(artifact(folder(joined()), ModelFormat.PYFUNC, "top/model.onnx"))
    alone = GraphModel.load(artifact(joined()))
    assert _scored(inside, given).tobytes() == _scored(alone, given).tobytes()
    assert inside.plan.version != alone.plan.version
    for held in (artifact(folder(joined()), within="top/model.onnx"), artifact(joined(), ModelFormat.PYFUNC)):
        with pytest.raises(ValueError, match="no graph as somebody gave it"):
            GraphModel.load(held)
    unlisted = model([helper.make_node("Gelu", ["X"], ["Y"])], [port("X", [None, 2])], [port("Y", [None, 2])])
    with pytest.raises(PermissionError, match="'Gelu'"):
        GraphModel.load(artifact(folder(unlisted), ModelFormat.PYFUNC, "top/model.onnx"))


@pytest.mark.parametrize("raw", [joined(), named()])
def test_it_scores_with_the_bits_of_the_registered_graph(raw: bytes) -> None:
    rows = {"a": np.array([0.1, -1.0, 2.0]), "b": np.array([1.0, 0.0, 3.0])}
    served = GraphModel.load(artifact(raw))
    encoder = served.encoder("refuse")
    got = served.scores(encoder.encode({"a": rows["a"].tolist(), "b": [1, 0, 3]}))
    assert got.tobytes() == GivenGraph(raw, INPUTS, 1).probabilities(rows).tobytes()
    assert encoder.encode({"a": [], "b": []}).scores.shape == (0,)
    mixed = encoder.table({"a": rows["a"].tolist(), "b": [1, 0, 3]})
    assert served.answers(mixed).tobytes() == got.tobytes()


def test_a_row_that_it_cannot_take_is_refused_without_its_value() -> None:
    encoder = GraphModel.load(artifact(joined())).encoder("refuse")
    with pytest.raises(ValueError, match="^row 1: the model does not score it$"):
        encoder.encode({"a": [0.5, 1e300], "b": [1, 2]})


def test_the_list_is_asked_again_and_other_bytes_are_refused() -> None:
    raw = model([helper.make_node("Gelu", ["X"], ["Y"])], [port("X", [None, 2])], [port("Y", [None, 2])])
    with pytest.raises(PermissionError, match="'Gelu'"):
        GraphModel.load(artifact(raw))
    with pytest.raises(ValueError, match="no graph as somebody gave it"):
        GraphModel.load(artifact(joined(), ModelFormat.PICKLE))
    with pytest.raises(ValueError, match="not marked"):
        GraphModel.load(artifact(joined()).removeprefix(GRAPH))
    with pytest.raises(ValueError, match="container|files|writes"):
        GraphModel.load(artifact(joined()).replace(b"LOGISTIC", b"SOFTMAX_"))


def test_it_is_loaded_behind_the_fence_of_a_gateway(tmp_path: Path) -> None:
    (tmp_path / "artifact").write_bytes(artifact(named()))
    code = (
        "from pathlib import Path; from muster.gateway.fence import raise_fence; raise_fence();"
        "from muster.wiring.carried.models import read_model;"
        f"model = read_model(Path({str(tmp_path / 'artifact')!r}).read_bytes());"
        "print(model.platform, model.encoder('refuse').encode({'a': [0.5], 'b': [1]}).scores.shape)"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout == "muster_graph (1,)\n"
