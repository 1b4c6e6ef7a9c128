"""Requests and answers of the Open Inference Protocol (V2), JSON part: one tensor a column.

Source: the Open Inference Protocol, REST API, of the KServe project. Numbers, text and truth values are read as what
they are: 1.0 is no integer, "1" is no number, true is no 1. Errors name the tensor by its place, never what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from muster.gateway.served import Decided
from muster.guards.guard import Rows

_NUMBERS = msgspec.json.Decoder(list[float | None]), msgspec.json.Decoder(list[tuple[float | None]])
_INTEGERS = msgspec.json.Decoder(list[int | None]), msgspec.json.Decoder(list[tuple[int | None]])
_TEXTS = msgspec.json.Decoder(list[str | None]), msgspec.json.Decoder(list[tuple[str | None]])
_TRUTHS = msgspec.json.Decoder(list[bool | None]), msgspec.json.Decoder(list[tuple[bool | None]])

_READERS = {
    "FP64": _NUMBERS,
    "FP32": _NUMBERS,
    "INT64": _INTEGERS,
    "INT32": _INTEGERS,
    "BYTES": _TEXTS,
    "BOOL": _TRUTHS,
}
"""Readers of flat data, and of data nested by row, for each datatype."""

OUTPUTS = {"score": "FP64", "decision": "BYTES", "decision_id": "BYTES"}
"""What is answered, each of shape [rows]."""

LONGEST_ID = 256
"""Characters of a request id; it is logged with every row."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a request may be."""

    body_bytes: int = 8 * 2**20
    rows: int = 10_000
    columns: int = 2_000


class Tensor(msgspec.Struct):
    """One input."""

    name: str
    datatype: str
    shape: list[int]
    data: msgspec.Raw = msgspec.Raw(b"")
    parameters: msgspec.Raw = msgspec.Raw(b"")


class Wanted(msgspec.Struct):
    """One output that is asked for; answers are JSON, whatever encoding is asked."""

    name: str


class _Body(msgspec.Struct):
    inputs: list[Tensor]
    id: str | None = None
    outputs: list[Wanted] | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request, read."""

    rows: Rows
    id: str
    """Empty where the caller gave none."""
    outputs: Sequence[str]


class Output(msgspec.Struct):
    """One output."""

    name: str
    datatype: str
    shape: list[int]
    data: list[Any]


class Answer(msgspec.Struct):
    """The answer to a request; ``model_version`` is the digest of the version that decided."""

    model_name: str
    model_version: str
    id: str
    parameters: dict[str, str]
    outputs: list[Output]


_BODY = msgspec.json.Decoder(_Body)
_ENCODE = msgspec.json.Encoder().encode


def write_answer(decided: Decided, outputs: Sequence[str]) -> bytes:
    """Write what was decided, with the outputs that were asked for."""
    size = [len(decided.scores)]
    values: dict[str, list[Any]] = {
        "score": decided.scores,
        "decision": decided.decisions,
        "decision_id": decided.decision_ids,
    }
    tensors = [Output(name, OUTPUTS[name], size, values[name]) for name in outputs]
    version = decided.version
    return _ENCODE(Answer(decided.deployment, version, decided.request_id, {"model_version": version}, tensors))


def read_request(body: bytes, limits: Limits) -> Request:
    """Read a request body.

    Raises
    ------
    ValueError
        If it is not an inference request with one value a row in every tensor; says where, never what was sent.
    OverflowError
        If it has more rows or columns than the limits allow.
    """
    try:
        asked = _BODY.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = f"the body is not an inference request in JSON: {error}"
        raise ValueError(msg) from None
    except RecursionError:
        msg = "the body is not an inference request in JSON: it is nested too deeply"
        raise ValueError(msg) from None
    if asked.id is not None and len(asked.id) > LONGEST_ID:
        msg = f"the request id has {len(asked.id)} characters: {LONGEST_ID} is the most"
        raise ValueError(msg)
    return Request(_rows(asked.inputs, limits), asked.id or "", _outputs(asked.outputs))


def _outputs(wanted: list[Wanted] | None) -> Sequence[str]:
    if not wanted:
        return tuple(OUTPUTS)
    if any(output.name not in OUTPUTS for output in wanted):
        msg = f"outputs: known are {', '.join(OUTPUTS)}"
        raise ValueError(msg)
    return tuple(output.name for output in wanted)


def _rows(inputs: list[Tensor], limits: Limits) -> Rows:
    if not inputs:
        msg = "inputs: there is none; send one tensor a column"
        raise ValueError(msg)
    if len(inputs) > limits.columns:
        msg = f"inputs: {len(inputs)} tensors, {limits.columns} is the most"
        raise OverflowError(msg)
    size = inputs[0].shape[0] if inputs[0].shape else 0
    if size > limits.rows:
        msg = f"{size} rows in one request, {limits.rows} is the most: send several requests"
        raise OverflowError(msg)
    columns = {tensor.name: _values(tensor, size, place) for place, tensor in enumerate(inputs)}
    if len(columns) != len(inputs):
        msg = "inputs: two tensors have the same name"
        raise ValueError(msg)
    return Rows(size, columns, {tensor.name: tensor.datatype for tensor in inputs})


def _values(tensor: Tensor, size: int, place: int) -> list[Any]:
    if tensor.shape not in ([size], [size, 1]) or size < 1:
        msg = f"inputs[{place}]: shape must be [n] or [n, 1], with one value a row and the same n of at least 1 for all"
        raise ValueError(msg)
    readers = _READERS.get(tensor.datatype)
    if readers is None:
        msg = f"inputs[{place}]: the datatype is none of {', '.join(_READERS)}"
        raise ValueError(msg)
    values = _decoded(tensor, readers, place)
    if len(values) != size:
        msg = f"inputs[{place}]: {len(values)} values, but the shape says {size}"
        raise ValueError(msg)
    return values


def _decoded(tensor: Tensor, readers: Sequence[Any], place: int) -> list[Any]:
    data = memoryview(tensor.data)
    if not data:
        msg = f"inputs[{place}]: no data; tensors are taken as JSON (tritonclient: binary_data=False)"
        raise ValueError(msg)
    flat, nested = readers
    try:
        if len(tensor.shape) == 2 and bytes(data[1:64]).lstrip()[:1] == b"[":
            return [value for (value,) in nested.decode(data)]
        return flat.decode(data)  # type: ignore[no-any-return]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = f"inputs[{place}]: the data is not {tensor.datatype} values: {error}"
        raise ValueError(msg) from None
