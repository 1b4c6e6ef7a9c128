"""A graph that grows is refused before it runs."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from tests.adapters.graphs.exported import joined, model, named, port

from muster.adapters.graphs.judged import judged
from muster.adapters.graphs.sizes import require_bounded

X, Y = port("X", [None, 2]), port("Y", [None, None])


def test_what_converters_write_is_bounded() -> None:
    require_bounded(judged(joined()))
    require_bounded(judged(named()))


def test_joining_with_itself_again_and_again_is_refused() -> None:
    nodes = [helper.make_node("Concat", [f"v{at}"] * 2, [f"v{at + 1}"], axis=1) for at in range(30)]
    raw = model([helper.make_node("Identity", ["X"], ["v0"]), *nodes], [X], [port("v30", [None, None])])
    with pytest.raises(PermissionError, match="too large: 1,048,576 numbers"):
        require_bounded(judged(raw))


def test_a_huge_constant_is_refused() -> None:
    huge = numpy_helper.from_array(np.zeros(2**20 + 1, np.float32), "w")
    raw = model(
        [helper.make_node("Gather", ["w", "X"], ["Y"])], [port("X", [None, 1], TensorProto.INT64)], [Y], tensors=[huge]
    )
    with pytest.raises(PermissionError, match="'w' is too large"):
        require_bounded(judged(raw))


def test_numbers_out_of_texts_are_refused() -> None:
    cast = helper.make_node("Cast", ["X"], ["Y"], to=TensorProto.FLOAT)
    raw = model([cast], [port("X", [None, 1], TensorProto.STRING)], [port("Y", [None, 1])])
    with pytest.raises(PermissionError, match="numbers out of texts"):
        require_bounded(judged(raw))
