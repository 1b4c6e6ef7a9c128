"""Judged: an ONNX file that others made, refused where it reaches outside itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import onnx

LARGEST: Final = 512 * 2**20
"""Bytes of a file; protocol buffers end at two GiB, and a worker's memory before that."""

DOMAINS: Final = frozenset({"", "ai.onnx", "ai.onnx.ml"})
"""Operators of the standard. Any other domain is code that comes from elsewhere."""


def judged(raw: bytes) -> Any:
    """Return the graph as ``onnx`` reads it.

    Raises
    ------
    ValueError
        Where the bytes are no ONNX file, or too many.
    PermissionError
        Where the file names other files, operators that are not of the standard, or functions of its own.
    """
    if len(raw) > LARGEST:
        msg = f"the ONNX file has {len(raw)} bytes: at most {LARGEST} are read"
        raise ValueError(msg)
    try:
        model = onnx.load_model_from_string(raw)
    except Exception as error:  # noqa: BLE001 - protocol buffers have errors of their own
        msg = f"not an ONNX file: {str(error).splitlines()[0][:200] if str(error) else type(error).__name__}"
        raise ValueError(msg) from None
    if not model.graph.output:
        msg = "not an ONNX file with a graph that gives something: export the model again"
        raise ValueError(msg)
    if model.functions or model.training_info:
        _refuse("it brings functions or a training graph of its own: export it with these inlined or left out")
    for graph in _graphs(model.graph):
        _judge(graph)
    return model


def classes_of(model: Any) -> tuple[Any, ...]:
    """Return the labels of the graph's classifier, in order; empty where no operator names any."""
    for node in reversed(model.graph.node):
        for attribute in node.attribute:
            if attribute.name.startswith("classlabels") and (attribute.ints or attribute.strings):
                return tuple(attribute.ints) or tuple(text.decode() for text in attribute.strings)
    return ()


def _judge(graph: Any) -> None:
    for node in graph.node:
        if node.domain not in DOMAINS:
            _refuse(f"the operator {node.op_type[:40]!r} is of the domain {node.domain[:80]!r}, not of the standard")
    for tensor in _tensors(graph):
        if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
            _refuse(f"the tensor {tensor.name[:40]!r} lies in another file: save the model with everything in one")


def _graphs(graph: Any) -> Iterator[Any]:
    """Yield a graph and those inside its operators, without recursion: a hostile file may be nested deeply."""
    waiting = [graph]
    while waiting:
        found = waiting.pop()
        yield found
        for node in found.node:
            for attribute in node.attribute:
                waiting += [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs]


def _tensors(graph: Any) -> Iterator[Any]:
    attributes = [attribute for node in graph.node for attribute in node.attribute]
    yield from graph.initializer
    for attribute in attributes:
        yield from attribute.tensors
        if attribute.HasField("t"):
            yield attribute.t
    named = [attribute.sparse_tensor for attribute in attributes if attribute.HasField("sparse_tensor")]
    listed = [sparse for attribute in attributes for sparse in attribute.sparse_tensors]
    for sparse in (*graph.sparse_initializer, *named, *listed):
        yield sparse.values
        yield sparse.indices


def _refuse(what: str) -> None:
    msg = f"the ONNX file is refused: {what}"
    raise PermissionError(msg)
