"""Served models on onnxruntime: one buffer of bytes gives the predictor and the plan that goes with it."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from muster.columns.plan import Plan

_PLAN_KEY: Final = "muster.plan"  # as muster.columns.compiler writes it; importing that would load onnx


class OnnxPredictor:
    """Scores rows with the very bytes that it was given; fills ``muster.ports.predictor.Predictor``.

    One thread, sequential: more threads sum trees in another order and change the last bits.
    """

    def __init__(self, session: Any, plan: Plan) -> None:
        self._session = session
        self.plan: Final = plan

    @classmethod
    def load(cls, buffer: bytes) -> OnnxPredictor:
        """Read a served artifact; raise ValueError where the bytes are not one."""
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

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one margin (log-odds) a row of a float64 matrix of shape (rows, width)."""
        return self._session.run(("margin",), {"matrix": matrix})[0][:, 0]  # type: ignore[no-any-return]

    def scores(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return P(target == positive) for each row of a float64 matrix of shape (rows, width), C order."""
        return logistic(self.margins(matrix))


def logistic(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``1 / (1 + exp(-margin))`` with the bits of scipy's ``expit``, alone and in a batch alike.

    Both take exp from the C library; numpy's own vector exp differs from it in the last bit on about 2 % of values.
    """
    try:
        powers = np.fromiter(map(math.exp, (-margins).tolist()), np.float64, len(margins))
    except OverflowError:  # a margin under -709, where exp(-margin) leaves float64 and the score is 0
        with np.errstate(over="ignore"):
            flat = np.exp(-margins)
        return np.where(np.isinf(flat), 0.0, logistic(np.where(np.isinf(flat), 0.0, margins)))
    return 1.0 / (1.0 + powers)


def _check_shape(session: Any, plan: Plan) -> None:
    inputs = [(port.name, port.type, port.shape[1:]) for port in session.get_inputs()]
    outputs = [(port.name, port.type) for port in session.get_outputs()]
    if inputs != [("matrix", "tensor(double)", [plan.width])] or outputs != [("margin", "tensor(double)")]:
        msg = f"the served artifact reads {inputs} and gives {outputs}, its plan makes a matrix of {plan.width} columns"
        raise ValueError(msg)
