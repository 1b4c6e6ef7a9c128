"""Rows in the log of a house, as gateways would have written them."""

from __future__ import annotations

import itertools
import os
from datetime import timedelta
from typing import Any

import numpy as np
from tests.walk import INPUTS, RULE, Walked

from muster.adapters.arrowlog.writer import ArrowLog
from muster.lifecycle.desk.asking import find_version
from muster.ports.log import INPUT, Log, Source, Stream

_IDS = itertools.count()


def write(
    walked: Walked,
    version: str,
    rows: int = 800,
    *,
    shift: float = 0.0,
    latency: float = 500.0,
    ago: timedelta = timedelta(minutes=1),
    log: Log | None = None,
    stream: Stream = Stream.DECISIONS,
) -> None:
    """Write decisions of a version; ``shift`` moves scores."""
    chance = np.random.default_rng(rows + int(1000 * shift))
    scores = np.clip(chance.beta(2, 5, rows) + shift, 0.0, 1.0)
    columns = find_version(walked.context(), version).manifest.inputs
    assert {column.name for column in columns} == set(INPUTS)
    at = int((walked.clock() - ago).timestamp() * 1e6)
    favourable = (scores < RULE.threshold).tolist()
    block: dict[str, Any] = {
        "decision_id": [f"d-{next(_IDS)}" for _ in range(rows)],
        "request_id": ["r"] * rows,
        "at": [at] * rows,
        "score": scores.tolist(),
        "favourable": favourable,
        "decision": ["approve" if each else "refuse" for each in favourable],
        "flags": [()] * rows,
        "guards": [""] * rows,
        "reasons": [()] * rows,
        "scored_us": [10] * rows,
        "latency_us": chance.gamma(20, latency / 20, rows).astype(int).tolist(),
    }
    for column in columns:
        block[INPUT + column.name] = [1] * rows
    _append(walked, Source(stream, "credit", version, "served", columns), block, log)


def refuse(walked: Walked, version: str, guard: str, rows: int) -> None:
    """Write refusals of a guard."""
    at = int(walked.clock().timestamp() * 1e6)
    block = {"request_id": ["r"], "at": [at], "guard": [guard], "reason": ["no"], "rows": [rows]}
    _append(walked, Source(Stream.REFUSALS, "credit", version, "served"), block, None)


def _append(walked: Walked, source: Source, block: dict[str, Any], log: Log | None) -> None:
    had = set((walked.home / "log").rglob("*.arrows"))
    writing = log or ArrowLog(walked.home / "log")
    writing.append(source, block)
    writing.flush()
    if log is None:
        writing.close()
        now = walked.clock().timestamp()  # files are as old as what is in them: the clock of a test runs ahead
        for path in (walked.home / "log").rglob("*.arrows"):
            if path.stat().st_mtime < now and path not in had:
                os.utime(path, (now, now))
