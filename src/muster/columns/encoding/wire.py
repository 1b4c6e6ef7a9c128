"""Wire: an ONNX file read as the protocol buffer that it is, for processes that may not load ``onnx``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

VARINT: Final = 0
_EIGHT, SIZED, _FOUR = 1, 2, 5  # wire types of protocol buffers; groups are not used


def fields(message: memoryview) -> Iterator[tuple[int, Any]]:
    """Yield the fields of a message: number, and an int, or the bytes of what has a size; raise IndexError at faults.

    As strict as a reader can be, so that no other reads something else in the same bytes.
    """
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        kind, size = tag & 7, {_EIGHT: 8, _FOUR: 4}.get(tag & 7, 0)
        value = 0
        if kind in (VARINT, SIZED):
            value, place = _varint(message, place)
        size = value if kind == SIZED else size
        if kind not in (VARINT, _EIGHT, SIZED, _FOUR) or tag >> 32 or place + size > len(message):
            raise IndexError
        yield tag >> 3, value if kind == VARINT else message[place : place + size]
        place += size


def sized(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield only the fields that have a size, as :func:`fields` does."""
    return ((number, value) for number, value in fields(message) if isinstance(value, memoryview))


def integers(values: list[Any]) -> list[int]:
    """Return the signed integers of a repeated field, packed or not."""
    found: list[int] = []
    for value in values:
        if isinstance(value, int):
            found.append(value)
            continue
        place = 0
        while place < len(value):
            item, place = _varint(value, place)
            found.append(item)
    return [item - (1 << 64) if item >> 63 else item for item in found]


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = 0
    for step in range(10):
        byte = message[place + step]
        value |= (byte & 0x7F) << 7 * step
        if byte < 0x80:
            return value, place + step + 1
    raise IndexError
