"""Protocol buffers are read as strictly as can be, and what is cut off is none."""

from __future__ import annotations

import pytest
from tests.adapters.graphs.exported import joined

from muster.columns.encoding.wire import fields, integers


def test_fields_come_with_their_numbers_and_values() -> None:
    assert [(number, value if isinstance(value, int) else bytes(value)) for number, value in _of(b"\x08\x96\x01")] == [
        (1, 150)
    ]
    assert integers([1, 2**64 - 1]) == [1, -1]
    assert integers([memoryview(b"\x01\x96\x01")]) == [1, 150]


@pytest.mark.parametrize("raw", [joined()[:-1], b"\x0b", b"\x12\x05a", b"\xff" * 11])
def test_what_is_cut_off_is_refused(raw: bytes) -> None:
    with pytest.raises(IndexError):
        _of(raw)


def _of(raw: bytes) -> list[tuple[int, object]]:
    return list(fields(memoryview(raw)))
