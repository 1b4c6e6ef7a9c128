"""Turn: requests of one row each that reach a deployment in the same turn of the event loop, decided together.

Nobody waits for a timer: what is there is decided when the turn ends. Guards, encoder, model and log then cost what
they cost once. Only what is clear from the first guard to the last is decided so; where one of several rows is not,
nothing has been logged yet, and each is decided alone, so that no request ever meets what another brought.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import NamedTuple

from muster.columns.plan import each_favourable
from muster.gateway.ids import unique_ids
from muster.gateway.served import Decided, Served
from muster.guards.guard import Decisions, Rows, Scores
from muster.ports.clock import Clock

MOST = 64
"""Requests that are decided at once: more would let the first wait for the last, and save nothing."""


class Asked(NamedTuple):
    """One request of one row."""

    rows: Rows
    id: str
    begun: int
    """When it had arrived, in nanoseconds by ``time.perf_counter_ns``."""
    answer: asyncio.Future[Decided | None]
    """None: decide it alone."""


class Turn:
    """What has come in this turn of the event loop.

    Parameters
    ----------
    clock
        The moment, for the log.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[int, tuple[Served, list[Asked]]] = {}

    def join(self, served: Served, rows: Rows, request_id: str, begun: int) -> asyncio.Future[Decided | None]:
        """Return what gives the decision once the turn has ended; None where the request must be decided alone."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Decided | None] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._end)
        found = self._waiting.get(id(served))
        if found is None:
            found = self._waiting[id(served)] = served, []
        found[1].append(Asked(rows, request_id, begun, answer))
        return answer

    def _end(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for served, asked in waiting.values():
            for first in range(0, len(asked), MOST):
                some = asked[first : first + MOST]
                for each, decided in zip(some, self._decided(served, some), strict=True):
                    if not each.answer.done():
                        each.answer.set_result(decided)

    def _decided(self, served: Served, asked: Sequence[Asked]) -> Sequence[Decided | None]:
        if len(asked) > 1 and served.joins:
            try:
                found = together(served, asked, int(self._clock().timestamp() * 1_000_000))
            except Exception:  # noqa: BLE001 - whatever it is, it is told to whose request it concerns
                found = []
            if found:
                return found
        return [None] * len(asked)


def together(served: Served, asked: Sequence[Asked], micros: int) -> list[Decided]:
    """Decide requests as ``Served.decide`` would each of them; none where one is not clear, and nothing is logged then.

    Parameters
    ----------
    micros
        Now, in microseconds since 1970.
    """
    size, kinds = len(asked), asked[0].rows.datatypes
    if any(each.rows.datatypes is not kinds for each in asked):  # they were not read by the same contract
        return []
    given = [each.rows.columns for each in asked]
    rows = Rows(size, {name: [columns[name][0] for columns in given] for name in given[0]}, kinds)
    guards = served.guards
    if not guards.feed(rows).clear:
        return []
    began = time.perf_counter_ns()
    encoded = served.encoder.encode(rows.columns)
    scores: list[float] = served.model.scores(encoded).tolist()
    scored = time.perf_counter_ns() - began
    rule = served.model.plan.decision
    favoured = each_favourable(scores, rule)
    labels = [rule.favourable_label if favour else rule.adverse_label for favour in favoured]
    if not (guards.feed(Scores(scores, {})).clear and guards.feed(Decisions(scores, favoured, labels, {})).clear):
        return []
    reasons = served.reasons(encoded, favoured, ())
    ids = unique_ids(2 * size, micros // 1000)
    spare = iter(ids[size:])
    named = [each.id or next(spare) for each in asked]
    now = time.perf_counter_ns()
    latency = [(now - each.begun) // 1_000 for each in asked]
    columns = ids[:size], named, scores, favoured, labels, [()] * size, reasons, latency
    logged = served.recorder.decided(rows, columns, (micros, guards.clear, scored // 1_000))
    parts = zip(named, ids, scores, favoured, labels, reasons, strict=False)
    return [_answer(served, *part, logged=logged) for part in parts]


def _answer(  # noqa: PLR0913 - as many as an answer has
    served: Served,
    request_id: str,
    decision_id: str,
    score: float,
    favour: bool | None,  # noqa: FBT001 - a value
    label: str,
    why: Sequence[str],
    *,
    logged: bool,
) -> Decided:
    about, answering = served.decisions, served.answering
    return Decided(
        about.deployment,
        about.version,
        request_id,
        [decision_id],
        [score],
        [favour],
        [label],
        served.guards.clear,
        [()],
        [why],
        answering.words,
        answering.review,
        logged,
    )
