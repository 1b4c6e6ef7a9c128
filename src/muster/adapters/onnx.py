"""Served models on onnxruntime: one buffer of bytes gives the predictor and the plan that goes with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from muster.columns.encoder import Encoder, Unknown
from muster.columns.encoding.head import logistic, require_sound, score
from muster.columns.encoding.summed import Summed
from muster.columns.encoding.wire import sized
from muster.columns.forms import Tree
from muster.columns.many.masks import FROM, Masks
from muster.columns.mixing.encoder import MixingEncoder, encoder_of
from muster.columns.plan import Plan
from muster.columns.row.encoded import EncodedRow
from muster.columns.row.ensemble import read_ensemble
from muster.columns.row.limits import Limits, Values
from muster.columns.row.linear import LinearRow
from muster.columns.row.trees import TreesRow

_PLAN_KEY: Final = "muster.plan"  # as muster.columns.compiler writes it; importing that would load onnx

OPERATORS: Final = frozenset(
    {("", name) for name in ("MatMul", "Add", "Slice", "Concat", "Relu", "Tanh", "Sigmoid")}
    | {("ai.onnx.ml", "TreeEnsemble")}
)
"""Domain and name of what the compiler writes; a file with a loop, say, could hold up the gateway for ever."""


class OnnxPredictor:
    """Scores rows with the very bytes that it was given; fills ``muster.ports.predictor.Predictor``.

    One thread, sequential: more threads sum trees in another order and change the last bits. Linear models are summed
    by ourselves, for the same reason; trees of many rows for speed, to the same bits.
    """

    def __init__(self, engine: Summed | _Session, plan: Plan, trees: tuple[Tree, ...] | None = None) -> None:
        self._engine = engine
        self._trees = trees
        self.plan: Final = plan

    @classmethod
    def load(cls, buffer: bytes) -> OnnxPredictor:
        """Read a served artifact; raise ValueError where the bytes are not one."""
        require_compiled(buffer)
        session = _session(buffer)
        text = session.get_modelmeta().custom_metadata_map.get(_PLAN_KEY)
        if text is None:
            msg = "the ONNX file holds no plan, so it was not compiled by muster: compile the version, then serve that"
            raise ValueError(msg)
        plan = Plan.from_bytes(text.encode())
        _check_shape(session, plan)
        summed = Summed.read(buffer)
        if summed is not None and summed.width == plan.width:
            return cls(summed, plan)
        walking, trees = _Session(session, plan.width), read_ensemble(buffer)
        if trees is not None:
            walking.hasten(trees)
        return cls(walking, plan, trees)

    def encoder(self, unknown: Unknown) -> Encoder | MixingEncoder:
        """Return what makes of raw columns the matrix that is scored."""
        return encoder_of(self.plan, unknown)

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the margin (log-odds) of each row of a float64 matrix of shape (rows, width).

        A model with a head has one for each member: shape (rows, members).
        """
        found = self._engine.margins(matrix)
        return found if self.plan.head else found[:, 0]

    def scores(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return P(target == positive) for each row of a float64 matrix of shape (rows, width), C order."""
        margins = self._engine.margins(matrix)
        return score(self.plan.head, margins) if self.plan.head else logistic(margins[:, 0])

    def plainly(self, limits: Limits) -> Callable[[Values], float | None] | None:
        """Return what scores a plain row from its raw values, with the bits that it has among others.

        It gives None, or raises KeyError or TypeError, where a row is not plain; None instead of it: the model has no
        such short way.
        """
        encoder = self.encoder("refuse")
        if isinstance(encoder, MixingEncoder):
            return None
        try:
            if isinstance(self._engine, Summed) and not self.plan.head:
                return LinearRow(self.plan.encodings, *self._engine.parts, limits).score
            if self._trees and not self.plan.head:
                return TreesRow(self.plan.encodings, self._trees, limits).score
        except (KeyError, ValueError):  # more is made of a column than these know
            pass
        return EncodedRow(encoder.names, encoder, self.scores, limits).score


class _Session:
    """An ONNX graph; one row at a time has input and output bound once, which takes a third of the time of a call."""

    def __init__(self, session: Any, width: int) -> None:
        self._session = session
        self._masks: Masks | None = None
        self._lock = threading.Lock()
        self._row, self._margins = np.zeros((1, width)), np.zeros((1, session.get_outputs()[0].shape[1]))
        self._binding = session.io_binding()
        place = onnxruntime.OrtValue.ortvalue_from_numpy
        self._binding.bind_ortvalue_input("matrix", place(self._row))  # not a copy: both read and write our arrays
        self._binding.bind_ortvalue_output("margin", place(self._margins))

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the margins of a matrix of shape (rows, width), as shape (rows, members)."""
        if len(matrix) == 1:
            return self._lone(matrix[0])
        if self._masks is not None and len(matrix) >= FROM and (found := self._masks.margins(matrix)) is not None:
            return found[:, None]
        return self._walked(matrix)

    def _walked(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        return self._session.run(("margin",), {"matrix": matrix})[0]  # type: ignore[no-any-return]

    def hasten(self, trees: Sequence[Tree]) -> None:
        """Score many rows by masks from now on, if these give every bit that walking the trees gives."""
        try:
            masks = Masks(trees)
            probes = masks.probes(self._row.shape[1])
            found = masks.margins(probes)
        except (IndexError, ValueError):  # too many, or a column that is not there
            return
        if found is not None and found.tobytes() == self._walked(probes).tobytes():
            self._masks = masks

    def _lone(self, row: Any) -> NDArray[np.float64]:
        """Return the margins of one row, shape (1, members)."""
        if not self._lock.acquire(blocking=False):  # another thread asks for those of its own
            return self._session.run(("margin",), {"matrix": np.array([row], np.float64)})[0]  # type: ignore[no-any-return]
        try:
            self._row[0] = row
            self._session.run_with_iobinding(self._binding)
            return self._margins.copy()
        finally:
            self._lock.release()


def _session(buffer: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(buffer, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - onnxruntime raises a dozen classes of its own
        msg = f"the served artifact does not load: {str(error).splitlines()[0][:200]}. Compile the version again"
        raise ValueError(msg) from None


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
        for number, graph in sized(whole):
            if number in (20, 25):
                _refuse_operator("functions of its own")
            for node in (part for place, part in sized(graph) if place == 1) if number == 7 else ():
                _require_known(node)
    except IndexError:
        msg = "the served artifact does not load: it is cut off or no ONNX file. Compile the version again"
        raise ValueError(msg) from None


def _require_known(node: memoryview) -> None:
    parts = list(sized(node))
    names = [bytes(part) for number, part in parts if number == 4]
    domain = b"".join(bytes(part) for number, part in parts if number == 7)
    if len(names) != 1 or (domain.decode("latin-1"), names[0].decode("latin-1")) not in OPERATORS:
        _refuse_operator(f"the operator {(b' '.join(names))[:40]!r}")


def _refuse_operator(what: str) -> None:
    msg = f"the served artifact holds {what}, which muster never writes: it is not loaded. Compile the version again"
    raise ValueError(msg)
