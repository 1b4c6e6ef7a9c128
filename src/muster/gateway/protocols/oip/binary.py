"""Binary tensors: numbers as they lie in memory, little-endian; text as its length in four bytes and UTF-8.

Source: the binary tensor data extension of the Open Inference Protocol. What is large stays a view of the body that
came: no value of it is touched by Python on its way to the guards and the encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.gateway.protocols.oip.datatypes import Datatype

FEW: Final = 64
"""Up to so many values, lists are cheaper than arrays all the way to the model."""

_LENGTH: Final = 4


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
    texts, place, size = [], 0, len(data)
    try:
        for _ in range(count):
            start = place + _LENGTH
            place = start + int.from_bytes(data[place:start], "little")
            if start > size or place > size:
                msg = f"the binary data ends before its {count} BYTES values do"
                raise ValueError(msg)
            texts.append(str(data[start:place], "utf-8"))
    except UnicodeDecodeError:
        msg = f"element {len(texts)} of the binary data is not UTF-8"
        raise ValueError(msg) from None
    if place != size:
        msg = f"{size - place} bytes of binary data are left behind {count} BYTES values"
        raise ValueError(msg)
    return texts


def write_binary(values: Sequence[Any], kind: str) -> bytes:
    """Return values of FP64 or BYTES as binary data."""
    if kind == "FP64":
        return np.array(values, "<f8").tobytes()
    encoded = [str(value).encode() for value in values]
    return b"".join([part for text in encoded for part in (len(text).to_bytes(_LENGTH, "little"), text)])
