"""Only what is on the list may run in the gateway; whatever else there is, is refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from onnx import TensorProto, helper
from tests.adapters.graphs.exported import classifier, joined, model, named, port, zipped

from muster.adapters.graphs import listed as module
from muster.adapters.graphs.judged import classes_of, judged
from muster.adapters.graphs.listed import listed

X, Y = port("X", [None, 2]), port("Y", [None, 2])


@pytest.mark.parametrize("raw", [joined(), zipped(), named(), joined(("bad", "good")), joined((-1, 1))])
def test_what_converters_write_is_listed_with_the_classes_that_onnx_reads(raw: bytes) -> None:
    assert listed(raw) == classes_of(judged(raw))


def _control() -> tuple[Any, Any]:
    inside = helper.make_graph([helper.make_node("Identity", ["X"], ["w"])], "then", [], [port("w", [2])])
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["on"])],
        "body",
        [port("i", [], TensorProto.INT64), port("go", [], TensorProto.BOOL)],
        [port("on", [], TensorProto.BOOL)],
    )
    branch = helper.make_node("If", ["c"], ["Y"], then_branch=inside, else_branch=inside)
    return branch, helper.make_node("Loop", ["", "c"], ["Y"], body=body)


def _elsewhere() -> Any:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="../secret")
    return tensor


def _adding(tensor: Any) -> bytes:
    return model([helper.make_node("Add", ["X", "w"], ["Y"])], [X], [Y], tensors=[tensor])


IF, LOOP = _control()
ML = helper.make_opsetid("ai.onnx.ml", 3)
HIDDEN = helper.make_node("Relu", ["X"], ["Y"], extra=helper.make_graph([], "g", [], []))
INSIDE = [helper.make_node("Constant", [], ["w"], value=_elsewhere()), helper.make_node("Add", ["X", "w"], ["Y"])]


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (model([IF], [X], [Y]), "operator 'If'"),
        (model([LOOP], [X], [Y]), "operator 'Loop'"),
        (model([helper.make_node("RandomNormalLike", ["X"], ["Y"])], [X], [Y]), "operator 'RandomNormalLike'"),
        (model([helper.make_node("Relu", ["X"], ["Y"], domain="own")], [X], [Y]), "domain 'own'"),
        (model([HIDDEN], [X], [Y]), "more than numbers"),
        (_adding(_elsewhere()), "another file"),
        (model(INSIDE, [X], [Y]), "another file"),
        (model([classifier()], [X], [Y], opsets=[helper.make_opsetid("", 99), ML]), r"version \[99\]"),
        (model([classifier()], [X], [Y], opsets=[helper.make_opsetid("", 1), ML]), r"version \[1\]"),
        (model([classifier()], [X], [Y], opsets=[helper.make_opsetid("com.microsoft", 1)]), "com.microsoft"),
        (model([helper.make_node("Cast", ["X"], ["Y"], to=TensorProto.STRING)], [X], [Y]), "casts to a type"),
        (joined() + joined(), "more than one graph"),
    ],
)
def test_a_hostile_graph_is_refused(raw: bytes, what: str) -> None:
    with pytest.raises(PermissionError, match=what):
        listed(raw)


def test_what_is_too_large_or_cut_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="cut off"):
        listed(joined()[:-1])
    monkeypatch.setattr(module, "MOST_NODES", 0)
    with pytest.raises(PermissionError, match="1 operators, and 0"):
        listed(joined())
    monkeypatch.setattr(module, "LARGEST", 10)
    with pytest.raises(PermissionError, match="10 is the most"):
        listed(joined())
