"""Catalogue: what the gateway says of itself and of its models, in the words of the Open Inference Protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from muster.gateway.http.counts import Counts
from muster.gateway.protocols.oip.tensors import OUTPUTS
from muster.gateway.served import Served
from muster.guards.schema import DATATYPES
from muster.records.data import Column

EXTENSIONS = ["binary_tensor_data", "model_repository", "model_configuration", "statistics"]
"""Extensions of the protocol that are spoken here."""

_PREFERRED = ("FP64", "INT64", "BYTES")
"""Of the datatypes that fit a column, the one to name first."""


def describe_server(version: str) -> dict[str, Any]:
    """Return the server's metadata."""
    return {"name": "muster", "version": version, "extensions": EXTENSIONS}


def describe_model(name: str, served: Served, versions: Sequence[str] = ()) -> dict[str, Any]:
    """Return a model's metadata; versions are the digests of what was released, of all that share its traffic."""
    return {
        "name": name,
        "versions": list(versions) or [served.version],
        "platform": served.platform,
        "inputs": [
            {"name": column.name, "datatype": _datatype(column), "shape": [-1]} for column in served.model.plan.columns
        ],
        "outputs": [{"name": output, "datatype": datatype, "shape": [-1]} for output, datatype in OUTPUTS.items()],
        "parameters": {"artifact": served.decisions.served},
    }


def describe_configuration(name: str, served: Served, versions: Sequence[str] = ()) -> dict[str, Any]:
    """Return a model's configuration as Triton writes it; what nobody configured here is left out."""
    told = describe_model(name, served)
    several = {"version_policy": {"specific": {"versions": list(versions)}}} if len(versions) > 1 else {}
    return {
        "name": name,
        "platform": served.platform,
        "backend": "muster",
        **several,
        "max_batch_size": 0,
        "input": [_port(port) for port in told["inputs"]],
        "output": [_port(port) for port in told["outputs"]],
        "parameters": {"artifact": {"string_value": served.decisions.served}},
    }


def describe_counts(name: str, version: str, counts: Counts) -> dict[str, Any]:
    """Return a model's statistics as Triton writes them; stages that nobody measures apart count nothing."""
    nothing = {"count": 0, "ns": 0}
    stages = ("queue", "compute_input", "compute_infer", "compute_output", "cache_hit", "cache_miss")
    return {
        "name": name,
        "version": version,
        "last_inference": counts.last_ms,
        "inference_count": counts.rows,
        "execution_count": counts.answered,
        "inference_stats": {
            "success": {"count": counts.answered, "ns": counts.answered_ns},
            "fail": {"count": counts.failed, "ns": counts.failed_ns},
            **dict.fromkeys(stages, nothing),
        },
        "batch_stats": [],
    }


def describe_index(serving: Sequence[tuple[str, str]], refused: list[str]) -> list[dict[str, Any]]:
    """Return the index of the repository: each name with each version that answers there, and names that do not."""
    ready: list[dict[str, Any]] = [
        {"name": name, "version": version, "state": "READY", "reason": ""} for name, version in serving
    ]
    return ready + [
        {"name": name, "version": "", "state": "UNAVAILABLE", "reason": "not available"} for name in refused
    ]


def _port(port: Mapping[str, Any]) -> dict[str, Any]:
    kind = {"BYTES": "STRING"}.get(port["datatype"], port["datatype"])
    return {"name": port["name"], "data_type": f"TYPE_{kind}", "dims": port["shape"]}


def _datatype(column: Column) -> str:
    return next(datatype for datatype in _PREFERRED if datatype in DATATYPES[column.type])
