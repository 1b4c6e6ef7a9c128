"""Small ONNX graphs as other tools export them: a logistic regression with every kind of input and output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import TensorProto, helper

WEIGHTS, INTERCEPT = (0.8, -1.2), 0.3
OPSETS = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 3)]


def expected(a: Any, b: Any) -> np.ndarray[Any, Any]:
    return 1 / (1 + np.exp(-(WEIGHTS[0] * np.asarray(a) + WEIGHTS[1] * np.asarray(b) + INTERCEPT)))


def model(nodes: Sequence[Any], inputs: Sequence[Any], outputs: Sequence[Any], **more: Any) -> bytes:
    graph = helper.make_graph(list(nodes), "exported", list(inputs), list(outputs), more.pop("tensors", []))
    made = helper.make_model(graph, opset_imports=more.pop("opsets", OPSETS), ir_version=10, **more)
    return bytes(made.SerializeToString())


def port(name: str, shape: Sequence[Any], kind: int = TensorProto.FLOAT) -> Any:
    return helper.make_tensor_value_info(name, kind, list(shape))


def classifier(labels: Sequence[Any] = (0, 1), matrix: str = "X") -> Any:
    """As converters write a logistic regression."""
    named = {"classlabels_strings": labels} if isinstance(labels[0], str) else {"classlabels_ints": labels}
    return helper.make_node(
        "LinearClassifier",
        [matrix],
        ["label", "probabilities"],
        domain="ai.onnx.ml",
        coefficients=[*(-weight for weight in WEIGHTS), *WEIGHTS],
        intercepts=[-INTERCEPT, INTERCEPT],
        post_transform="LOGISTIC",
        **named,
    )


def joined(labels: Sequence[Any] = (0, 1)) -> bytes:
    """One input for all columns, a label and probabilities of both classes."""
    kind = TensorProto.STRING if isinstance(labels[0], str) else TensorProto.INT64
    outputs = [port("label", [None], kind), port("probabilities", [None, 2])]
    return model([classifier(labels)], [port("X", [None, 2])], outputs)


def zipped(labels: Sequence[Any] = (0, 1)) -> bytes:
    """As :func:`joined`, with the probabilities as a dictionary a row."""
    named = {"classlabels_strings": labels} if isinstance(labels[0], str) else {"classlabels_int64s": labels}
    zipmap = helper.make_node("ZipMap", ["probabilities"], ["by_class"], domain="ai.onnx.ml", **named)
    key = TensorProto.STRING if isinstance(labels[0], str) else TensorProto.INT64
    value = helper.make_map_type_proto(key, helper.make_tensor_type_proto(TensorProto.FLOAT, []))
    kind = TensorProto.STRING if isinstance(labels[0], str) else TensorProto.INT64
    outputs = [port("label", [None], kind), helper.make_value_info("by_class", helper.make_sequence_type_proto(value))]
    return model([classifier(labels), zipmap], [port("X", [None, 2])], outputs)


def named(kinds: tuple[int, int] = (TensorProto.FLOAT, TensorProto.INT64)) -> bytes:
    """One input a column, of other types, and one probability a row."""
    nodes = [helper.make_node("Cast", [name], [f"{name}_f"], to=TensorProto.FLOAT) for name in ("a", "b")]
    nodes += [
        helper.make_node("Concat", ["a_f", "b_f"], ["X"], axis=1),
        classifier(),
        helper.make_node("Gather", ["probabilities", "one"], ["score"], axis=1),
    ]
    one = helper.make_tensor("one", TensorProto.INT64, [1], [1])
    inputs = [port(name, [None, 1], kind) for name, kind in zip(("a", "b"), kinds, strict=True)]
    return model(nodes, inputs, [port("score", [None, 1])], tensors=[one])
