"""Artifacts are read by what their first bytes say they are."""

from __future__ import annotations

import pytest

from muster.wiring.carried.models import read_model


@pytest.mark.parametrize(
    ("raw", "what"), [(b"PK\x03\x04", "no readable container"), (b"\x08\x0a", "does not load|plan")]
)
def test_bytes_of_neither_kind_are_refused(raw: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        read_model(raw)
