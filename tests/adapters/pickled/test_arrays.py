"""Makers of arrays: what numpy writes comes back, and bytes never become objects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from muster.adapters.pickled.arrays import (
    ARRAY,
    MASKED,
    array,
    from_buffer,
    kind,
    masked_array,
    require_new,
    require_sound,
    scalar,
)

KINDS = [np.dtype(code) for code in ("f8", ">i4", "U7", "S3", "?", "O", "M8[ns]", "c16", "V5")]
FIELDS = [np.dtype([("a", "f8"), ("b", "i4")]), np.dtype([("a", "i1"), ("b", "f8")], align=True)]


@pytest.mark.parametrize("wanted", [*KINDS, *FIELDS], ids=str)
def test_what_numpy_writes_of_a_dtype_comes_back(wanted: np.dtype[Any]) -> None:
    _, arguments, state = wanted.__reduce__()  # type: ignore[misc]
    made = kind(*arguments)
    require_sound(made, state)
    made.__setstate__(state)
    assert made == wanted
    assert made.flags == wanted.flags


@pytest.mark.parametrize("code", [{"names": ["a"], "formats": ["O"]}, "O,f8", "(2,)O", [("a", "O")], b"f8", None, "T"])
def test_another_description_of_a_dtype_is_refused(code: Any) -> None:
    with pytest.raises(ValueError, match="numpy writes a short code"):
        kind(code)


OBJECT = np.dtype("O")
FORGED: list[tuple[str, Any]] = [
    ("O8", (3, "|", None, None, None, -1, -1, 0)),
    ("V8", (3, "|", None, ("a",), {"a": (OBJECT, 0)}, 8, 1, 0)),
    ("V8", (3, "|", None, ("a",), {"a": (OBJECT, 0)}, 8, 1, 27)),
    ("V8", (3, "|", None, ("a",), {"a": (np.dtype("f8"), 4)}, 8, 1, 16)),
    ("V8", (3, "|", None, ("a",), {"a": (np.dtype("f8"), 0)}, 4096, 1, 16)),
    ("V8", (3, "|", None, ("a",), None, 8, 1, 16)),
    ("V8", (3, "|", (OBJECT, (1,)), None, None, 8, 1, 16)),
    ("f8", (3, "<", None, None, None, -1, -1, 63)),
    ("f8", (3, "?", None, None, None, -1, -1, 0)),
    ("S4", (3, "|", None, None, None, 4096, 1, 0)),
    ("U4", (3, "<", None, None, None, 16, 2**40, 0)),
    ("f8", ("a", "b")),
    ("f8", None),
]


@pytest.mark.parametrize(("code", "state"), FORGED)
def test_a_state_that_numpy_does_not_write_is_refused(code: str, state: Any) -> None:
    with pytest.raises(ValueError, match="a dtype's state"):
        require_sound(kind(code), state)


def test_scalars_are_numbers_and_text_only() -> None:
    assert scalar(np.dtype("f8"), np.float64(2.5).tobytes()) == 2.5
    assert scalar(np.dtype("U2"), np.str_("ab").tobytes()) == "ab"
    for wrong in (OBJECT, FIELDS[0], "f8"):
        with pytest.raises(ValueError, match="only plain ones"):
            scalar(wrong, b"AAAAAAAA")


def test_only_numpys_own_arrays_are_made() -> None:
    assert array(ARRAY, (0,), b"b").shape == (0,)
    assert isinstance(masked_array(MASKED, ARRAY, (0,), b"b"), np.ma.MaskedArray)
    for make in (lambda: array(np.memmap, (0,), b"b"), lambda: masked_array(MASKED, np.memmap, (0,), b"b")):
        with pytest.raises(ValueError, match="another class than numpy's"):
            make()
    with pytest.raises(ValueError, match="another class"):
        array(ARRAY, (1,), "O")


def test_an_array_takes_one_state_and_is_made_over_plain_bytes_only() -> None:
    require_new(array(ARRAY, (0,), b"b"))
    with pytest.raises(ValueError, match="filled already"):
        require_new(np.arange(3))
    with pytest.raises(ValueError, match="no empty one"):
        array(ARRAY, (9,), b"b")
    assert from_buffer(bytearray(16), np.dtype("f8"), (2,), "C").tolist() == [0.0, 0.0]
    for wrong in (np.array([{}], object), np.zeros(2), memoryview(b"12345678")):
        with pytest.raises(ValueError, match="something else than plain bytes"):
            from_buffer(wrong, np.dtype("f8"), (1,), "C")
    with pytest.raises(ValueError, match="something else than plain bytes"):
        from_buffer(bytes(8), OBJECT, (1,), "C")
