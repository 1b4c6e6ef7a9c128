"""Reading: a served artifact to the model that serves it, by what its first bytes say it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from muster.adapters.onnx import OnnxPredictor
from muster.columns.original.container import MAGIC

if TYPE_CHECKING:
    from muster.adapters.sandbox.original import OriginalModel


def read_model(buffer: bytes) -> OnnxPredictor | OriginalModel:
    """Make a model of the very bytes that were hashed: a compiled form here, an original in a worker of its own.

    Raises
    ------
    ValueError
        Where the bytes are neither.
    OSError
        Where the worker does not take the model up.
    """
    if buffer.startswith(MAGIC):
        from muster.adapters.sandbox.original import OriginalModel  # only now: most gateways never need a worker

        return OriginalModel.load(buffer)
    return OnnxPredictor.load(buffer)
