"""A graph that reaches outside itself is refused before anything runs it, wherever in it that is hidden."""

from __future__ import annotations

from typing import Any

import onnx
import pytest
from onnx import TensorProto, helper
from tests.adapters.graphs.exported import classifier, joined, model, port, zipped

from muster.adapters.graphs import judged as module
from muster.adapters.graphs.judged import classes_of, judged

X, Y = port("X", [None, 2]), port("Y", [None, 2])


def elsewhere(name: str = "w", location: str = "../../etc/passwd") -> Any:
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=[2], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=location)
    return tensor


def with_initializer(tensor: Any) -> bytes:
    return model([helper.make_node("Add", ["X", "w"], ["Y"])], [X], [Y], tensors=[tensor])


def test_what_converters_write_passes_and_says_its_classes() -> None:
    assert classes_of(judged(joined())) == (0, 1)
    assert classes_of(judged(zipped(("bad", "good")))) == ("bad", "good")
    plain = helper.make_tensor("w", TensorProto.FLOAT, [2], [1.0, 2.0])
    assert classes_of(judged(with_initializer(plain))) == ()


def test_data_in_another_file_is_refused_wherever_it_is() -> None:
    inside = helper.make_node("Constant", [], ["w"], value=elsewhere())
    branch = helper.make_graph([inside], "then", [], [port("w", [2])])
    other = helper.make_graph([inside], "else", [], [port("w", [2])])
    condition = helper.make_node("If", ["c"], ["Y"], then_branch=branch, else_branch=other)
    sparse = onnx.SparseTensorProto(values=elsewhere(), dims=[2])
    sparse.indices.dims.append(1)
    for raw in (
        model([helper.make_node("Constant", [], ["Y"], sparse_value=sparse)], [X], [Y]),
        with_initializer(elsewhere()),
        with_initializer(elsewhere(location="weights.bin")),
        model([inside, helper.make_node("Add", ["X", "w"], ["Y"])], [X], [Y]),
        model([condition], [port("c", [], TensorProto.BOOL)], [Y]),
    ):
        with pytest.raises(PermissionError, match="'w' lies in another file"):
            judged(raw)


def test_operators_of_other_domains_are_refused() -> None:
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    raw = model([helper.make_node("Gelu", ["X"], ["Y"], domain="com.microsoft")], [X], [Y], opsets=opsets)
    with pytest.raises(PermissionError, match=r"operator 'Gelu' is of the domain 'com\.microsoft'"):
        judged(raw)


def test_functions_of_its_own_are_refused() -> None:
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("own", 1)]
    inner = helper.make_node("Identity", ["a"], ["b"])
    function = helper.make_function("own", "Mine", ["a"], ["b"], [inner], [helper.make_opsetid("", 21)])
    raw = model([helper.make_node("Mine", ["X"], ["Y"], domain="own")], [X], [Y], opsets=opsets, functions=[function])
    with pytest.raises(PermissionError, match="functions or a training graph of its own"):
        judged(raw)


def test_a_large_file_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 10)
    with pytest.raises(ValueError, match="at most 10 are read"):
        judged(joined())


def test_a_file_without_a_graph_is_none() -> None:
    with pytest.raises(ValueError, match="not an ONNX file with a graph"):
        judged(onnx.ModelProto().SerializeToString())
    assert classifier().op_type == "LinearClassifier"
