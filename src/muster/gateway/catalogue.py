"""Catalogue: what the gateway says of itself and of its models, in the words of the Open Inference Protocol."""

from __future__ import annotations

from typing import Any

import msgspec

from muster.gateway.served import Served
from muster.gateway.tensors import OUTPUTS
from muster.guards.schema import DATATYPES
from muster.records.data import Column

_PREFERRED = ("FP64", "INT64", "BYTES")
"""Of the datatypes that fit a column, the one to name first."""


def reply(content: Any) -> bytes:
    """Write an answer as JSON."""
    return msgspec.json.encode(content)


def describe_server(version: str) -> dict[str, Any]:
    """Return the server's metadata; no extension is spoken yet, tensors are JSON."""
    return {"name": "muster", "version": version, "extensions": []}


def describe_model(name: str, served: Served) -> dict[str, Any]:
    """Return a model's metadata; its one version is the digest of what was released."""
    return {
        "name": name,
        "versions": [served.version],
        "platform": "muster_onnx",
        "inputs": [
            {"name": column.name, "datatype": _datatype(column), "shape": [-1]} for column in served.model.plan.columns
        ],
        "outputs": [{"name": output, "datatype": datatype, "shape": [-1]} for output, datatype in OUTPUTS.items()],
        "parameters": {"artifact": served.decisions.served},
    }


def _datatype(column: Column) -> str:
    return next(datatype for datatype in _PREFERRED if datatype in DATATYPES[column.type])
