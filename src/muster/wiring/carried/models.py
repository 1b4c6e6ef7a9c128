"""Reading: a served artifact to the model that serves it, by what its first bytes say it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from muster.adapters.onnx import OnnxPredictor
from muster.adapters.sandbox.restraint import Restraint
from muster.columns.original.container import GRAPH, MAGIC
from muster.records.canonical import digest

if TYPE_CHECKING:
    from muster.adapters.graphs.within import GraphModel
    from muster.adapters.sandbox.original import OriginalModel

_STARTS: Final = Restraint()
"""Workers that did not start, for as long as this process lives: every reading of orders would try them again."""


def read_model(buffer: bytes) -> OnnxPredictor | GraphModel | OriginalModel:
    """Make a model of the very bytes that were hashed: a compiled form or a listed graph here, any other in a worker.

    Raises
    ------
    ValueError
        Where the bytes are none of these.
    PermissionError
        Where they are a graph that may not run here.
    OSError
        Where the worker does not take the model up, or did not a short while ago.
    """
    if buffer.startswith(MAGIC):
        from muster.adapters.sandbox.original import OriginalModel  # only now: most gateways never need a worker

        return _STARTS.started(digest(buffer), lambda: OriginalModel.load(buffer))
    if buffer.startswith(GRAPH):
        from muster.adapters.graphs.within import GraphModel  # only now: it reads the graph with another library

        return GraphModel.load(buffer)
    return OnnxPredictor.load(buffer)


def read_apart(buffer: bytes) -> OnnxPredictor | GraphModel | OriginalModel:
    """Make a model as :func:`read_model` does, where keys are: what others made runs behind walls there, graphs too."""
    return read_model(buffer.removeprefix(GRAPH))
