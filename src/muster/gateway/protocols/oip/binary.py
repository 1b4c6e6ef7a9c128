"""Binary tensors: numbers as they lie in memory, little-endian; text as its length in four bytes and UTF-8.

Source: the binary tensor data extension of the Open Inference Protocol. What is large stays a view of the body that
came: no value of it is touched by Python on its way to the guards and the encoder.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.gateway.protocols.oip.datatypes import Datatype

FEW: Final = 64
"""Up to so many values, lists are cheaper than arrays all the way to the model."""

_LENGTH: Final = struct.Struct("<I")


def read_binary(data: memoryview, kind: Datatype, count: int) -> Any:
    """Return ``count`` values: a list, or an array where they are many numbers.

    Not-a-number is a missing value, for bytes have no null: None in a list, NaN in an array.

    Raises
    ------
    ValueError
        If the bytes are not so many values.
    """
    if kind.binary is None:
        return _texts(data, count)
    if len(data) != count * kind.binary.itemsize:
        msg = f"{len(data)} bytes of binary data, but {count} {kind.name} values have {count * kind.binary.itemsize}"
        raise ValueError(msg)
    values = np.frombuffer(data, kind.binary)
    if kind.name == "BOOL":
        return values.tolist()
    if count > FEW:
        return _widened(values)
    listed: list[Any] = values.tolist()
    if values.dtype.kind == "f":
        return [None if value != value else value for value in listed]  # noqa: PLR0124 - only NaN differs from itself
    return listed


def _widened(values: NDArray[Any]) -> NDArray[Any]:
    """Return numbers as float64 or int64, none of them changed; unsigned 64 bits stay what they are."""
    if values.dtype.kind == "f":
        return values.astype(np.float64, copy=False)
    return values if values.dtype == np.uint64 else values.astype(np.int64, copy=False)


def _texts(data: memoryview, count: int) -> list[str]:
    content, place, raws = bytes(data), 0, []
    try:
        for _ in range(count):
            (length,) = _LENGTH.unpack_from(content, place)
            start = place + _LENGTH.size
            place = start + length
            raws.append(content[start:place])
        known = {raw: raw.decode() for raw in set(raws)}  # categories repeat
    except struct.error:
        msg = f"the binary data ends before its {count} BYTES values do"
        raise ValueError(msg) from None
    except UnicodeDecodeError:
        msg = "the binary data holds BYTES values that are not UTF-8"
        raise ValueError(msg) from None
    if place != len(content):
        msg = f"the binary data does not end where its {count} BYTES values do"
        raise ValueError(msg)
    return [known[raw] for raw in raws]


def write_binary(values: Sequence[Any], kind: str) -> bytes:
    """Return values of FP64 or BYTES as binary data."""
    if kind == "FP64":
        return np.array(values, "<f8").tobytes()
    words = set(values)
    if 2 * len(words) > len(values):
        return b"".join(map(_packed, values))
    packed = {word: _packed(word) for word in words}
    return b"".join(map(packed.__getitem__, values))


def _packed(text: str) -> bytes:
    content = text.encode()
    return _LENGTH.pack(len(content)) + content
