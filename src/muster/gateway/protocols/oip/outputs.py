"""Answers of the Open Inference Protocol: one tensor an output, in JSON, or binary where it was asked for so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from muster.gateway.decided import Decided
from muster.gateway.http.asgi import Reply
from muster.gateway.protocols.oip.binary import write_binary
from muster.gateway.protocols.oip.tensors import OUTPUTS

BINARY = b"application/octet-stream"


class Output(msgspec.Struct):
    """One output; either with data or with the size of its binary data."""

    name: str
    datatype: str
    shape: list[int]
    data: list[Any] | UnsetType = UNSET
    parameters: dict[str, int] | UnsetType = UNSET


class Answer(msgspec.Struct):
    """The answer to a request; ``model_version`` is the digest of the version that decided."""

    model_name: str
    model_version: str
    id: str
    parameters: dict[str, str | bool]
    outputs: list[Output]


_ENCODE = msgspec.json.Encoder().encode


def write_answer(decided: Decided, outputs: Sequence[tuple[str, bool]]) -> Reply:
    """Write what was decided, with the outputs that were asked for: name, and whether as binary data."""
    size = [len(decided.scores)]
    tensors, rest = [], []
    for name, binary in outputs:
        kind, values = OUTPUTS[name], _values(decided, name)
        if binary:
            data = write_binary(values, kind)
            rest.append(data)
            tensors.append(Output(name, kind, size, parameters={"binary_data_size": len(data)}))
        else:
            tensors.append(Output(name, kind, size, list(values)))
    version = decided.version
    told: dict[str, str | bool] = {"model_version": version, "guards": decided.guards}
    if not decided.logged:
        told["logged"] = False
    head = _ENCODE(Answer(decided.deployment, version, decided.request_id, told, tensors))
    if not rest:
        return Reply(head)
    return Reply(b"".join((head, *rest)), 200, BINARY, [(b"inference-header-content-length", b"%d" % len(head))])


def _values(decided: Decided, name: str) -> Sequence[Any]:
    match name:
        case "score":
            return decided.scores
        case "decision":
            return decided.decisions
        case "decision_id":
            return decided.decision_ids
        case "flags":
            return list(map(" ".join, decided.flags))
        case "reasons":
            return list(map(" ".join, decided.reasons))
        case _:
            size = len(decided.scores)
            return [decided.review_of(row) for row in range(size)] if decided.review else [""] * size
