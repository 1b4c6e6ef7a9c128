"""Sizes: what a graph of others grows to, asked where it is compiled, before it may run in the gateway."""

from __future__ import annotations

import math
from typing import Any, Final

import onnx

WIDEST: Final = 2**20
"""Numbers of a constant, or a row of what is computed; joined with itself twenty times, a column has a million."""


def require_bounded(model: Any) -> None:
    """Raise PermissionError where known shapes are too large, or numbers are read out of texts.

    What has no known shape has been run on the evaluation rows, behind walls with a limit of memory.
    """
    try:
        known = onnx.shape_inference.infer_shapes(model, check_type=True).graph
    except Exception:  # noqa: BLE001 - whatever it is that cannot be followed
        msg = "the gateway does not run this graph itself: the shapes of what it computes contradict each other"
        raise PermissionError(msg) from None
    for tensor in known.initializer:
        _require_width(tensor.name, list(tensor.dims))
    texts = set()
    for value in (*known.input, *known.value_info, *known.output):
        kind = value.type.tensor_type
        if kind.elem_type == onnx.TensorProto.STRING:
            texts.add(value.name)
        _require_width(value.name, [dim.dim_value for dim in kind.shape.dim if dim.HasField("dim_value")])
    if any(node.op_type == "Cast" and texts & set(node.input) for node in known.node):
        _refuse("it reads numbers out of texts")


def _require_width(name: str, dims: list[int]) -> None:
    if any(dim < 0 for dim in dims) or math.prod(dims) > WIDEST:
        _refuse(f"its value {name[:40]!r} is too large: {WIDEST:,} numbers are the most")


def _refuse(what: str) -> None:
    msg = f"the gateway does not run this graph itself: {what}"
    raise PermissionError(msg)
