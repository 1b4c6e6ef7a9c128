"""Working: one record batch of a file, from what was read to what is written and logged; for many threads."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from muster.columns.encoding.coded import Coded
from muster.gateway.batch.deciding import Batch, Refusal, decide_batch
from muster.gateway.batch.files import Input, RunLog, Sheet
from muster.gateway.ids import many_ids
from muster.gateway.served import Served
from muster.guards.guard import Rows
from muster.ports.clock import Clock
from muster.ports.log import INPUT, Source

WAIT_SECONDS = 0.02
"""Between two attempts where the policy's rate is reached."""


@dataclass(frozen=True, slots=True)
class Done:
    """A record batch, decided."""

    rows: int
    refusals: Mapping[int, Refusal]
    favoured: int
    referred: int
    made: Any
    """Record batch for the output."""
    logged: tuple[tuple[Source, Any], ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What is the same for every batch of a run."""

    run: str
    """Stands in the log as the id of the request."""
    read: Input
    sheet: Sheet
    log: RunLog
    clock: Clock
    keep: tuple[str, ...]
    reasons: bool

    def __call__(self, served: Served, batch: Any) -> Done:
        """Decide a batch; raise as ``decide_batch`` does."""
        began = time.perf_counter()
        piece = self.read.piece(batch, served.model.plan.columns, self.keep)
        decided = decide_batch(
            served, piece.rows, piece.faults, reasons=self.reasons, pause=lambda: time.sleep(WAIT_SECONDS)
        )
        micros = int(self.clock().timestamp() * 1_000_000)
        ids = many_ids(len(decided.accepted), micros // 1_000)
        size = piece.rows.size
        made = self.sheet.batch(piece.kept, decided.accepted, self._columns(decided, served, ids, size))
        each = round((time.perf_counter() - began) * 1_000_000 / max(size, 1)) or 1
        fixed = {"request_id": self.run, "at": micros, "scored_us": each, "latency_us": each}
        logged = (*self._decisions(served, piece.rows, decided, ids, fixed), *self._refused(served, decided, fixed))
        favoured, referred = int((decided.favourable == 1).sum()), int((decided.favourable == -1).sum())
        return Done(size, decided.refusals, favoured, referred, made, logged)

    def _columns(self, decided: Batch, served: Served, ids: Any, size: int) -> dict[str, Any]:
        names: dict[str, int] = {}
        codes = np.zeros(size, np.int32)
        for row, refusal in decided.refusals.items():
            codes[row] = names.setdefault(f"{refusal.guard}: {refusal.reason}", len(names) + 1)
        return {
            **_answers(decided, ids),
            "refusal": Coded((None, *names), codes),
            "model_version": served.version,
        }

    def _decisions(
        self, served: Served, rows: Rows, decided: Batch, ids: Any, fixed: Mapping[str, Any]
    ) -> list[tuple[Source, Any]]:
        size = len(decided.accepted)
        if not size:
            return []
        columns = dict(rows.columns)
        if size < rows.size:
            columns = {name: values[decided.accepted] for name, values in columns.items()}
        block = {**fixed, **_answers(decided, ids), "guards": decided.guards}
        block |= {INPUT + name: values for name, values in columns.items()}
        decisions, personal, _ = served.recorder.sources
        sources = [decisions] if personal is None else [decisions, personal]
        return [(source, self.log.batch(source, block, size)) for source in sources]

    def _refused(self, served: Served, decided: Batch, fixed: Mapping[str, Any]) -> list[tuple[Source, Any]]:
        """Log refusals: how many rows for each reason."""
        counts: dict[Refusal, int] = {}
        for refusal in decided.refusals.values():
            counts[refusal] = counts.get(refusal, 0) + 1
        if not counts:
            return []
        block = {**fixed, "rows": np.array([*counts.values()])}
        for at, name in enumerate(("guard", "reason")):
            block[name] = Coded(tuple(refusal[at] for refusal in counts), np.arange(len(counts), dtype=np.int32))
        refusals = served.recorder.sources[2]
        return [(refusals, self.log.batch(refusals, block, len(counts)))]


def _answers(decided: Batch, ids: Any) -> dict[str, Any]:
    return {
        "decision_id": ids,
        "score": decided.scores,
        "decision": decided.decisions,
        "favourable": Coded((None, False, True), decided.favourable + np.int32(1)),
        "flags": decided.flags,
        "reasons": decided.reasons,
    }
