"""Datatypes of the Open Inference Protocol: how each is read from JSON and from bytes; none is cast into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
import numpy as np


@dataclass(frozen=True, slots=True)
class Datatype:
    """One datatype."""

    name: str
    flat: Any
    """Reader of JSON that is a list of values."""
    single: Any
    """Of rows of one value."""
    wide: Any
    """Of rows of several."""
    binary: Any = None
    """Numpy's type of its bytes, little-endian; None for text, whose elements differ in length."""


def _readers(element: Any) -> tuple[Any, Any, Any]:
    decoder = msgspec.json.Decoder
    return decoder(list[element | None]), decoder(list[tuple[element | None]]), decoder(list[list[element | None]])


def _integer(name: str, binary: str, least: int | None, most: int | None) -> Datatype:
    return Datatype(name, *_readers(Annotated[int, msgspec.Meta(ge=least, le=most)]), np.dtype(binary))


_FLOATS, _TRUTHS, _TEXTS = _readers(float), _readers(bool), _readers(str)

DATATYPES: Final = {
    kind.name: kind
    for kind in (
        Datatype("FP64", *_FLOATS, np.dtype("<f8")),
        Datatype("FP32", *_FLOATS, np.dtype("<f4")),
        Datatype("FP16", *_FLOATS, np.dtype("<f2")),
        # Both ends of 64 bits are the guards' business: beyond 2**53 float64 cannot hold what was sent.
        _integer("INT64", "<i8", None, None),
        _integer("INT32", "<i4", -(2**31), 2**31 - 1),
        _integer("INT16", "<i2", -(2**15), 2**15 - 1),
        _integer("INT8", "i1", -(2**7), 2**7 - 1),
        _integer("UINT64", "<u8", 0, None),
        _integer("UINT32", "<u4", 0, 2**32 - 1),
        _integer("UINT16", "<u2", 0, 2**16 - 1),
        _integer("UINT8", "u1", 0, 2**8 - 1),
        Datatype("BYTES", *_TEXTS),
        Datatype("BOOL", *_TRUTHS, np.dtype("?")),
    )
}
"""By name; those that fit a column are in ``muster.guards.schema``."""
