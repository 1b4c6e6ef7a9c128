"""Requests of the Open Inference Protocol (V2): one tensor a column, or one of all columns, as JSON or binary.

Source: the Open Inference Protocol, REST API, of the KServe project, with the binary tensor data extension that Triton
and KServe speak. Numbers, text and truth values are read as what they are: 1.0 is no integer, "1" is no number, true is
no 1. Errors name the tensor by its place, never what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from muster.gateway.http.limits import LONGEST_ID, Limits
from muster.gateway.protocols.oip.binary import read_binary
from muster.gateway.protocols.oip.datatypes import DATATYPES, Datatype
from muster.gateway.protocols.oip.joined import split
from muster.guards.guard import Rows
from muster.records.data import Column

OUTPUTS = {
    "score": "FP64",
    "decision": "BYTES",
    "decision_id": "BYTES",
    "flags": "BYTES",
    "reasons": "BYTES",
    "review": "BYTES",
}
"""What is answered, each of shape [rows]; marks and codes of reasons of one row are parted by spaces."""

SHARED = "shared memory is not taken here: send tensors in the body"


class TensorParameters(msgspec.Struct, gc=False):
    """What is said of one input; anything else is passed over."""

    binary_data_size: int | None = None
    shared_memory_region: Any = None


class Tensor(msgspec.Struct, gc=False):
    """One input."""

    name: str
    datatype: str
    shape: list[int]
    data: msgspec.Raw = msgspec.Raw(b"")
    parameters: TensorParameters | None = None


class WantedParameters(msgspec.Struct, gc=False):
    """How one output is wanted."""

    binary_data: bool | None = None
    classification: int = 0
    shared_memory_region: Any = None


class Wanted(msgspec.Struct, gc=False):
    """One output that is asked for."""

    name: str
    parameters: WantedParameters | None = None


class _Parameters(msgspec.Struct):
    binary_data_output: bool = False
    routing_key: str = ""


class _Body(msgspec.Struct):
    inputs: list[Tensor]
    id: str | None = None
    outputs: list[Wanted] | None = None
    parameters: _Parameters | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request, read."""

    rows: Rows
    id: str
    """Empty where the caller gave none."""
    outputs: Sequence[tuple[str, bool]]
    """Names, and whether each goes out as binary data."""
    who: str = ""
    """Who is asked about; empty where the request does not say."""


_BODY = msgspec.json.Decoder(_Body)
_ALL_JSON, _ALL_BINARY = tuple((name, False) for name in OUTPUTS), tuple((name, True) for name in OUTPUTS)


def read_request(body: bytes, limits: Limits, columns: Sequence[Column] = (), json_bytes: int | None = None) -> Request:
    """Read a request body.

    Parameters
    ----------
    columns
        The model's inputs, into which a tensor of all of them is taken apart.
    json_bytes
        Length of the JSON that the body begins with, where binary data follows it.

    Raises
    ------
    ValueError
        If it is not an inference request with one value a row in every tensor; says where, never what was sent.
    OverflowError
        If it has more rows or columns than the limits allow.
    """
    if json_bytes is not None and not 0 <= json_bytes <= len(body):
        msg = f"Inference-Header-Content-Length says more than the {len(body)} bytes of the body"
        raise ValueError(msg)
    try:
        asked = _BODY.decode(body if json_bytes is None else memoryview(body)[:json_bytes])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = f"the body is not an inference request in JSON: {error}"
        raise ValueError(msg) from None
    except RecursionError:
        msg = "the body is not an inference request in JSON: it is nested too deeply"
        raise ValueError(msg) from None
    if asked.id is not None and len(asked.id) > LONGEST_ID:
        msg = f"the request id has {len(asked.id)} characters: {LONGEST_ID} is the most"
        raise ValueError(msg)
    rest = memoryview(b"" if json_bytes is None else body)[json_bytes or 0 :]
    who = asked.parameters.routing_key if asked.parameters is not None else ""
    return Request(_rows(asked.inputs, limits, columns, rest), asked.id or "", _outputs(asked), who)


def _outputs(asked: _Body) -> Sequence[tuple[str, bool]]:
    binary = asked.parameters is not None and asked.parameters.binary_data_output
    if not asked.outputs:
        return _ALL_BINARY if binary else _ALL_JSON
    wanted = tuple((output.name, _wanted(output, binary=binary)) for output in asked.outputs)
    if len(dict(wanted)) != len(wanted):
        msg = "outputs: one is asked for twice"
        raise ValueError(msg)
    return wanted


def _wanted(output: Wanted, *, binary: bool) -> bool:
    """Tell whether an output is wanted as binary data; raise ValueError where it is wanted as it cannot be."""
    if output.name not in OUTPUTS:
        msg = f"outputs: known are {', '.join(OUTPUTS)}"
        raise ValueError(msg)
    if output.parameters is None:
        return binary
    if output.parameters.classification:
        msg = "outputs: classification is not spoken; ask for score and decision"
        raise ValueError(msg)
    if output.parameters.shared_memory_region is not None:
        msg = f"outputs: {SHARED}"
        raise ValueError(msg)
    wanted = output.parameters.binary_data
    return binary if wanted is None else wanted


def _rows(inputs: list[Tensor], limits: Limits, columns: Sequence[Column], rest: memoryview) -> Rows:
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
    width = _joined_width(inputs, columns)
    read, place = {}, 0
    for number, tensor in enumerate(inputs):
        _require_shape(tensor, size, width, number)
        read[tensor.name], place = _values(tensor, size * width, number, rest, place)
    if place != len(rest):
        msg = f"{len(rest)} bytes of binary data, of which inputs name {place} as binary_data_size"
        raise ValueError(msg)
    if len(read) != len(inputs):
        msg = "inputs: two tensors have the same name"
        raise ValueError(msg)
    if width > 1:
        return split(read[inputs[0].name], inputs[0].datatype, size, columns)
    return Rows(size, read, {tensor.name: tensor.datatype for tensor in inputs})


def _joined_width(inputs: Sequence[Tensor], columns: Sequence[Column]) -> int:
    """Return how many columns a lone tensor of all of them has; 1 where each has a tensor of its own."""
    lone = len(inputs) == 1 and len(columns) > 1 and len(inputs[0].shape) == 2
    return len(columns) if lone and inputs[0].shape[1] == len(columns) else 1


def _require_shape(tensor: Tensor, size: int, width: int, number: int) -> None:
    if size < 1 or (tensor.shape not in ([size], [size, 1]) if width == 1 else tensor.shape != [size, width]):
        msg = (
            f"inputs[{number}]: shape must be [n] or [n, 1], with one value a row and the same n of at least 1 for all;"
            " one tensor of all columns, [n, columns], is taken where each of them is a number"
        )
        raise ValueError(msg)


def _values(tensor: Tensor, count: int, number: int, rest: memoryview, place: int) -> tuple[Any, int]:
    """Return the values of a tensor, and the place in the binary data where the next one begins."""
    kind = DATATYPES.get(tensor.datatype)
    if kind is None:
        msg = f"inputs[{number}]: the datatype is none of {', '.join(DATATYPES)}"
        raise ValueError(msg)
    told = tensor.parameters
    if told is not None and told.shared_memory_region is not None:
        msg = f"inputs[{number}]: {SHARED}"
        raise ValueError(msg)
    if told is None or told.binary_data_size is None:
        return _decoded(tensor, kind, count, number), place
    end = place + told.binary_data_size
    if told.binary_data_size < 0 or end > len(rest) or tensor.data:
        msg = (
            f"inputs[{number}]: binary_data_size must count bytes that follow the JSON, whose length is in the header"
            " Inference-Header-Content-Length, and there is no data in the JSON then"
        )
        raise ValueError(msg)
    try:
        return read_binary(rest[place:end], kind, count), end
    except ValueError as error:
        msg = f"inputs[{number}]: {error}"
        raise ValueError(msg) from None


def _decoded(tensor: Tensor, kind: Datatype, count: int, number: int) -> list[Any]:
    data = memoryview(tensor.data)
    if not data:
        msg = f"inputs[{number}]: no data, neither in the JSON nor as binary data behind it (binary_data_size)"
        raise ValueError(msg)
    try:
        if len(tensor.shape) == 2 and bytes(data[1:64]).lstrip()[:1] == b"[":
            values = _nested(tensor, kind, number)
        else:
            values = kind.flat.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        msg = f"inputs[{number}]: the data is not {tensor.datatype} values: {error}"
        raise ValueError(msg) from None
    if len(values) != count:
        msg = f"inputs[{number}]: {len(values)} values, but the shape says {' x '.join(map(str, tensor.shape))}"
        raise ValueError(msg)
    return values


def _nested(tensor: Tensor, kind: Datatype, number: int) -> list[Any]:
    """Return the values of data nested by row.

    Lists are not made where they cannot be rows, for an empty one takes twenty times the room of its text: a row of one
    value is read as just that, and of longer ones, which only numbers have, there cannot be more than the shape says.
    """
    rows, width = tensor.shape
    if width == 1:
        return [value for (value,) in kind.single.decode(tensor.data)]
    if kind.binary is None:
        msg = f"inputs[{number}]: some of the model's inputs are no numbers: send one tensor a column"
        raise ValueError(msg)
    if bytes(tensor.data).count(b"[") > rows + 1:
        msg = f"inputs[{number}]: more lists than rows"
        raise ValueError(msg)
    nested = kind.wide.decode(tensor.data)
    if any(len(row) != width for row in nested):
        msg = f"inputs[{number}]: a row has not {width} values, as the shape says"
        raise ValueError(msg)
    return [value for row in nested for value in row]
