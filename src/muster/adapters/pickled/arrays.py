"""Arrays in pickles: made from what numpy writes, and from nothing else.

Numpy's own makers trust what they are given: one call with other arguments, and bytes are taken for objects.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

_CODE: Final = re.compile(r"[<>=|]?(?:[biufcSUVmM]\d{0,9}|O8|[?O])")
_OBJECTS: Final = 63
"""Flags of the dtype of objects, as numpy writes them; with others, bytes would be taken for addresses of objects."""
_REFERENCES: Final = 0b0101
"""Flags of dtypes that hold references: ITEM_REFCOUNT and ITEM_IS_POINTER (ndarraytypes.h)."""
_LIST: Final = 0b0010
_WIDEST: Final = 64
"""Bytes at which the widest element is aligned."""


class ArrayClass:
    """Stands where a file names a class of arrays; it can be handed to a maker and is of no other use."""

    __slots__ = ()


ARRAY: Final = ArrayClass()
MASKED: Final = ArrayClass()


def array(made: Any, shape: Any, code: Any) -> Any:
    """Make the empty array that a state fills, as ``numpy._core.multiarray._reconstruct`` does."""
    if made is not ARRAY or code not in (b"b", "b") or shape != (0,):
        msg = "an array of another class than numpy's, or no empty one, is asked for"
        raise ValueError(msg)
    return np.ndarray(shape, np.int8)


def masked_array(made: Any, inner: Any, shape: Any, code: Any) -> Any:
    """Make the empty masked array that a state fills, as ``numpy.ma.core._mareconstruct`` does."""
    if made is not MASKED or inner is not ARRAY or code not in (b"b", "b") or shape != (0,):
        msg = "a masked array of another class than numpy's, or no empty one, is asked for"
        raise ValueError(msg)
    return np.ma.MaskedArray(np.ndarray(shape, np.int8))


def from_buffer(content: Any, kind_of: Any, shape: Any, order: Any) -> Any:
    """Make an array over bytes of the file, as ``numpy._core.numeric._frombuffer`` does.

    Never over another array: one of objects would give its addresses away, and let a file write there.
    """
    if not isinstance(content, (bytes, bytearray)) or not isinstance(kind_of, np.dtype) or kind_of.hasobject:
        msg = "an array over something else than plain bytes is asked for"
        raise ValueError(msg)
    return np.frombuffer(content, kind_of).reshape(shape, order=order)


def scalar(kind_of: Any, *content: Any) -> Any:
    """Make a number or text as ``numpy._core.multiarray.scalar`` does; never one of objects."""
    if not isinstance(kind_of, np.dtype) or kind_of.hasobject or kind_of.names is not None:
        msg = "a scalar of objects or fields is asked for: only plain ones are made"
        raise ValueError(msg)
    if not content:
        return kind_of.type()
    (raw,) = content
    return np.frombuffer(raw if isinstance(raw, bytes) else raw.encode("latin1"), kind_of, count=1)[0]


def kind(code: Any, align: Any = False, copy: Any = True) -> np.dtype[Any]:  # noqa: FBT002 - as numpy writes it
    """Make a dtype from the short code that numpy writes; ``align`` and ``copy`` say nothing about such."""
    if not isinstance(code, str) or not _CODE.fullmatch(code) or not {align, copy} <= {False, True}:
        msg = f"a dtype {str(code)[:40]!r} is asked for: numpy writes a short code"
        raise ValueError(msg)
    return np.dtype(code, align=False, copy=True)  # a copy: a state would otherwise change numpy's own


def require_sound(made: np.dtype[Any], state: Any) -> None:
    """Raise ValueError unless a state is one that numpy writes for this dtype.

    Parameters
    ----------
    made
        What the state is about to be set on.
    state
        Version, byte order, subarray, names, fields, size, alignment and flags; a date has its unit as ninth.
    """
    if not isinstance(state, tuple) or len(state) not in (8, 9):
        _refuse("has another length")
    _, order, subarray, names, fields, size, alignment, flags = state[:8]
    if size not in (-1, made.itemsize) or alignment not in range(-1, _WIDEST + 1):
        _refuse("has another size or alignment than its code")  # arrays that have it already would not grow with it
    if order not in ("<", ">", "=", "|") or not isinstance(flags, int) or flags < 0:
        _refuse("has no byte order or flags")
    if made.kind == "O":
        if flags != _OBJECTS or names is not None or subarray is not None:
            _refuse("has other flags than objects have")
        return
    _require_no_objects(subarray, flags)
    if (names is None) != (fields is None):
        _refuse("has names without fields")
    if names is not None:
        _require_fields(made, names, fields, size)


def _require_no_objects(subarray: Any, flags: int) -> None:
    if flags & (_REFERENCES | _LIST):
        _refuse("says that plain bytes are references")
    if subarray is not None:
        _refuse("has a subarray")


def require_new(made: Any) -> None:
    """Raise ValueError unless an array is an empty one, as made a moment ago.

    To take a state it gives its memory back, whoever else looks at it: rows of it, or an array over the same bytes.
    """
    if made.size:
        msg = "an array that is filled already is to take another state"
        raise ValueError(msg)


def _require_fields(made: np.dtype[Any], names: Any, fields: Any, size: Any) -> None:
    if made.kind != "V" or size != made.itemsize or set(names) != set(fields):
        _refuse("has fields that do not fit")
    for found, place, *_ in fields.values():
        if not isinstance(found, np.dtype) or found.hasobject or not 0 <= place <= size - found.itemsize:
            _refuse("has a field of objects, or one outside its bytes")


def _refuse(what: str) -> None:
    msg = f"a dtype's state {what}: numpy writes no such"
    raise ValueError(msg)
