"""Column: one whole number for some of the names of a snapshot, in a file that is mapped, not read.

A file is a header, then for each name that has a value its number and the value, each as one little-endian array; where
most names have a value, the numbers are left out and names without one have 0.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAGIC = b"MCOL\x01"
_HEADER = len(MAGIC) + 2 + 1 + 8
_CODES = {1: "B", 2: "H", 4: "I"}
"""Bytes of a value, and its type code for arrays; all three have these sizes wherever CPython runs."""


@dataclass(frozen=True, slots=True)
class Column:
    """Values by number of the name."""

    keys: Sequence[int] | None
    """Numbers that have a value, ascending; None where every name has a place in ``values``."""
    values: Sequence[int]

    def get(self, number: int) -> int:
        """Return the value of the name with this number, or 0 where it has none."""
        if self.keys is None:
            return self.values[number]
        place = bisect_left(self.keys, number)
        found = place < len(self.keys) and self.keys[place] == number
        return self.values[place] if found else 0

    def items(self) -> Iterator[tuple[int, int]]:
        """Yield number and value of all names that have one, by number."""
        keys = range(len(self.values)) if self.keys is None else self.keys
        return ((key, value) for key, value in zip(keys, self.values, strict=True) if value)


def encode_column(values: Sequence[int]) -> bytes:
    """Write a column: a value from 0 to 2**32 - 1 for each name, of which 0 means none."""
    most = max(values, default=0)
    width = next((width for width in _CODES if most < 256**width), 0)
    if not width or min(values, default=0) < 0:
        msg = f"values of a column go from 0 to {256**4 - 1}; found {min(values)} to {most}"
        raise ValueError(msg)
    keys = array("I", (number for number, value in enumerate(values) if value))
    dense = len(keys) * (width + 4) > len(values) * width
    header = MAGIC + bytes((width, dense, 0)) + (len(values) if dense else len(keys)).to_bytes(8, "little")
    if dense:
        return header + _little(array(_CODES[width], values))
    return header + _little(keys) + _little(array(_CODES[width], (values[number] for number in keys)))


def read_column(content: memoryview, count: int, where: str) -> Column:
    """Read a column of ``count`` names without copying it; raise ValueError naming ``where`` if it is none."""
    width, dense = (content[len(MAGIC)], content[len(MAGIC) + 1]) if len(content) >= _HEADER else (0, 0)
    rows = int.from_bytes(content[_HEADER - 8 : _HEADER], "little")
    keys = 0 if dense else 4 * rows
    sound = width in _CODES and content[: len(MAGIC)] == MAGIC and len(content) == _HEADER + keys + width * rows
    if not sound or rows > count or (dense and rows != count):
        msg = f"{where}: no column of {count:,} names; it was cut off or altered: take the list again"
        raise ValueError(msg)
    body = content[_HEADER:]
    return Column(None if dense else _native(body[:keys], "I"), _native(body[keys:], _CODES[width]))


def _little(values: array[int]) -> bytes:
    own = values.tobytes()
    if sys.byteorder == "little":
        return own
    swapped = array(values.typecode, own)
    swapped.byteswap()
    return swapped.tobytes()


def _native(content: memoryview, code: str) -> Sequence[int]:
    if sys.byteorder == "little":
        return content.cast(code)  # type: ignore[call-overload,no-any-return]
    return array(code, _little(array(code, content.tobytes())))
