"""Rows for tests of the log."""

from __future__ import annotations

from typing import Any

from muster.ports.log import Source, Stream
from muster.records.data import Column, ColumnType

COLUMNS = (
    Column("amount", ColumnType.NUMBER),
    Column("months", ColumnType.INTEGER, nullable=True),
    Column("job", ColumnType.CATEGORY, categories=("clerk",)),
)
SOURCE = Source(Stream.DECISIONS, "loans", "sha256:v", "sha256:s", COLUMNS)
REFUSALS = Source(Stream.REFUSALS, "loans", "sha256:v", "sha256:s")


def block(start: int, size: int = 1) -> dict[str, list[Any]]:
    """Return rows of SOURCE whose ids are ``start`` and on."""
    return {
        "decision_id": [str(start + row) for row in range(size)],
        "request_id": [f"r{start}"] * size,
        "at": [1_795_432_000_000_000 + start] * size,
        "score": [0.25] * size,
        "favourable": [True] * size,
        "decision": ["approve"] * size,
        "flags": [[], ["outside-range:amount"]][start % 2 : start % 2 + 1] * size,
        "guards": ["schema=allow"] * size,
        "reasons": [[]] * size,
        "scored_us": [20] * size,
        "latency_us": [70] * size,
        "input.amount": [1.5] * size,
        "input.months": [None] * size,
        "input.job": ["clerk"] * size,
    }
