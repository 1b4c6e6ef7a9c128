"""Limits: how large requests may be, and what their heads may say."""

from __future__ import annotations

from dataclasses import dataclass

WHO = b"routing-key"
"""Header by which a caller says who is asked about, so that the same version answers them every time."""

LONGEST_ID = 256
"""Characters of a request id; it is logged with every row."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a request may be."""

    body_bytes: int = 8 * 2**20
    """Also of a compressed body, once it is expanded."""
    rows: int = 10_000
    columns: int = 2_000
