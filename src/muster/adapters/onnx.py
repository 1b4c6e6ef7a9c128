"""Served models on onnxruntime: one buffer of bytes gives the predictor and the plan that goes with it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from muster.columns.encoder import Encoder, Unknown
from muster.columns.encoding.head import logistic, require_sound, score
from muster.columns.mixing.encoder import MixingEncoder, encoder_of
from muster.columns.plan import Plan

_PLAN_KEY: Final = "muster.plan"  # as muster.columns.compiler writes it; importing that would load onnx

OPERATORS: Final = frozenset(
    {("", name) for name in ("MatMul", "Add", "Slice", "Concat", "Relu", "Tanh", "Sigmoid")}
    | {("ai.onnx.ml", "TreeEnsemble")}
)
"""Domain and name of what the compiler writes; a file with a loop, say, could hold up the gateway for ever."""

_VARINT, _EIGHT, _SIZED, _FOUR = 0, 1, 2, 5  # wire types of protocol buffers; groups are not used


class OnnxPredictor:
    """Scores rows with the very bytes that it was given; fills ``muster.ports.predictor.Predictor``.

    One thread, sequential: more threads sum trees in another order and change the last bits.
    """

    def __init__(self, session: Any, plan: Plan) -> None:
        self._session = session
        self.plan: Final = plan
        self._lone = _Lone(session, plan.width)

    @classmethod
    def load(cls, buffer: bytes) -> OnnxPredictor:
        """Read a served artifact; raise ValueError where the bytes are not one."""
        require_compiled(buffer)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(buffer, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001 - onnxruntime raises a dozen classes of its own
            msg = f"the served artifact does not load: {str(error).splitlines()[0][:200]}. Compile the version again"
            raise ValueError(msg) from None
        text = session.get_modelmeta().custom_metadata_map.get(_PLAN_KEY)
        if text is None:
            msg = "the ONNX file holds no plan, so it was not compiled by muster: compile the version, then serve that"
            raise ValueError(msg)
        plan = Plan.from_bytes(text.encode())
        _check_shape(session, plan)
        return cls(session, plan)

    def encoder(self, unknown: Unknown) -> Encoder | MixingEncoder:
        """Return what makes of raw columns the matrix that is scored."""
        return encoder_of(self.plan, unknown)

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the margin (log-odds) of each row of a float64 matrix of shape (rows, width).

        A model with a head has one for each member: shape (rows, members).
        """
        found = self._all_margins(matrix)
        return found if self.plan.head else found[:, 0]

    def scores(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return P(target == positive) for each row of a float64 matrix of shape (rows, width), C order."""
        margins = self._all_margins(matrix)
        return score(self.plan.head, margins) if self.plan.head else logistic(margins[:, 0])

    def _all_margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        if len(matrix) == 1 and (found := self._lone.margins(matrix)) is not None:
            return found
        return self._session.run(("margin",), {"matrix": matrix})[0]  # type: ignore[no-any-return]


class _Lone:
    """One row at a time, with input and output bound to the model once: that takes a third of the time of a call."""

    def __init__(self, session: Any, width: int) -> None:
        self._session = session
        self._lock = threading.Lock()
        self._row, self._margins = np.zeros((1, width)), np.zeros((1, session.get_outputs()[0].shape[1]))
        self._binding = session.io_binding()
        place = onnxruntime.OrtValue.ortvalue_from_numpy
        self._binding.bind_ortvalue_input("matrix", place(self._row))  # not a copy: both read and write our arrays
        self._binding.bind_ortvalue_output("margin", place(self._margins))

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return the margins of one row, shape (1, members); None where another thread asks for those of its own."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            self._row[:] = matrix
            self._session.run_with_iobinding(self._binding)
            return self._margins.copy()
        finally:
            self._lock.release()


def _check_shape(session: Any, plan: Plan) -> None:
    inputs = [(port.name, port.type, port.shape[1:]) for port in session.get_inputs()]
    outputs = [(port.name, port.type) for port in session.get_outputs()]
    if inputs != [("matrix", "tensor(double)", [plan.width])] or outputs != [("margin", "tensor(double)")]:
        msg = f"the served artifact reads {inputs} and gives {outputs}, its plan makes a matrix of {plan.width} columns"
        raise ValueError(msg)
    require_sound(plan.head, session.get_outputs()[0].shape[1])


def require_compiled(buffer: bytes) -> None:
    """Raise ValueError unless an ONNX file holds only operators that the compiler writes, before it is loaded.

    The worker that compiles has loaded a model file that may be hostile, so its work is not believed. Field numbers are
    those of ``onnx.proto``: ModelProto.graph 7, training_info 20, functions 25; GraphProto.node 1; NodeProto.op_type 4,
    domain 7. Attributes are the runtime's to judge: it knows none of these operators with a graph inside.
    """
    whole = memoryview(buffer)
    try:
        for number, graph in _fields(whole):
            if number in (20, 25):
                _refuse_operator("functions of its own")
            for node in (part for place, part in _fields(graph) if place == 1) if number == 7 else ():
                _require_known(node)
    except IndexError:
        msg = "the served artifact does not load: it is cut off or no ONNX file. Compile the version again"
        raise ValueError(msg) from None


def _require_known(node: memoryview) -> None:
    fields = list(_fields(node))
    names = [bytes(part) for number, part in fields if number == 4]
    domain = b"".join(bytes(part) for number, part in fields if number == 7)
    if len(names) != 1 or (domain.decode("latin-1"), names[0].decode("latin-1")) not in OPERATORS:
        _refuse_operator(f"the operator {(b' '.join(names))[:40]!r}")


def _refuse_operator(what: str) -> None:
    msg = f"the served artifact holds {what}, which muster never writes: it is not loaded. Compile the version again"
    raise ValueError(msg)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield the fields of a protocol buffer that have a size, each with its number; raise IndexError where they end.

    As strict as a reader can be, so that no other reads something else in the same bytes.
    """
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        kind, size = tag & 7, {_EIGHT: 8, _FOUR: 4}.get(tag & 7, 0)
        if kind in (_VARINT, _SIZED):
            size, place = _varint(message, place)
        if (
            kind not in (_VARINT, _EIGHT, _SIZED, _FOUR)
            or tag >> 32
            or (kind != _VARINT and place + size > len(message))
        ):
            raise IndexError
        if kind == _SIZED:
            yield tag >> 3, message[place : place + size]
        place += 0 if kind == _VARINT else size


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = 0
    for step in range(10):
        byte = message[place + step]
        value |= (byte & 0x7F) << 7 * step
        if byte < 0x80:
            return value, place + step + 1
    raise IndexError
