"""Recording: what was decided and refused goes to the log; what happens when it cannot is the policy's to say."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import inf
from typing import Any, Final

from muster.columns.many.dense import dense_of, layout_of
from muster.columns.many.repeated import Repeated
from muster.guards.guard import Rows, Ruling
from muster.guards.limits.rate import PerClient, Rate
from muster.ports.log import INPUT, Log, Source, Stream
from muster.records.governance.serving import LogTerms, WhenFull

STRAINED = 0.5
"""Fill of the log's queue from which on a policy that samples logs only a share, and shadows see nothing."""

MOMENT_SECONDS = 0.25
"""How long requests wait for a log that is full and works, where the policy refuses what it cannot take."""

STEP_SECONDS = 0.01
"""Between two looks at a log that is full."""

COLUMNS = ("decision_id", "request_id", "score", "favourable", "decision", "flags", "reasons", "latency_us")
"""What the log keeps of each row."""

CONSTANT = ("at", "guards", "scored_us")
"""What it keeps of all that was decided at once."""

TOLD_SECONDS = 1.0
"""Refusals of requests that come too fast are told one line in so many seconds: they must not fill the disk."""

UNLOGGED = "log"
"""Stands for a guard in the line that tells how many rows were answered and not logged."""


class _Hasty:
    """Requests that came too fast, until they are told; whoever uses it holds a lock."""

    def __init__(self) -> None:
        self.requests = self._rows = 0
        self._reason = ""
        self._told = -inf

    def add(self, reason: str, rows: int, now: float) -> bool:
        """Count one; return whether it is time to tell."""
        self.requests += 1
        self._rows += rows
        self._reason = reason
        if now - self._told < TOLD_SECONDS:
            return False
        self._told = now
        return True

    def taken(self) -> tuple[int, int, str]:
        """Return how many there were, with how many rows, and the last reason; begin anew."""
        found = self.requests, self._rows, self._reason
        self.requests = self._rows = 0
        return found

    def back(self, requests: int, rows: int) -> None:
        """Count again what could not be told, and tell it soon."""
        self.requests += requests
        self._rows += rows
        self._told = -inf


class Recorder:
    """Writes for one deployment.

    Parameters
    ----------
    log
        Where to.
    decisions
        Which version decides, with all its inputs; of the stream of shadows, it decides about nobody.
    terms
        What may be lost, and which inputs are kept apart.
    """

    def __init__(self, log: Log, decisions: Source, terms: LogTerms | None = None) -> None:
        self._log: Final = log
        self._terms: Final = terms or LogTerms()
        named = decisions.deployment, decisions.version, decisions.served
        apart = frozenset(self._terms.personal)
        kept = tuple(column for column in decisions.inputs if column.name not in apart)
        personal = tuple(column for column in decisions.inputs if column.name in apart)
        shadow = decisions.stream is Stream.SHADOWS
        self._decisions: Final = Source(decisions.stream, *named, kept)
        self._personal: Final = Source(Stream.PERSONAL, *named, personal) if personal and not shadow else None
        self._each: Final = 1 if self._personal is None else 2  # rows of the log a row
        self._refusals: Final = Source(Stream.SHADOW_REFUSALS if shadow else Stream.REFUSALS, *named)
        places = {column.name: at for at, column in enumerate(decisions.inputs)}
        self._kept: Final = tuple(places[column.name] for column in kept)
        self._apart: Final = tuple(places[column.name] for column in personal)
        self._names: Final = tuple(column.name for column in kept)
        self._layout: Final = layout_of(decisions.inputs)
        self._lock: Final = threading.Lock()
        self._turn = 0.0
        self._requests = self._rows = 0
        self._hasty: Final = {name: _Hasty() for name in (Rate.name, PerClient.name)}

    def strained(self, rows: int) -> bool:
        """Tell whether so many rows more would leave the log more than half full, or it takes none."""
        return self._log.pressure(rows * self._each) > STRAINED

    @property
    def may_lose(self) -> bool:
        """Whether the policy has answers given that the log cannot take."""
        return self._terms.when_full is WhenFull.SAMPLE

    @property
    def sources(self) -> tuple[Source, Source | None, Source]:
        """Where decisions go, the inputs that are kept apart, and refusals."""
        return self._decisions, self._personal, self._refusals

    async def room(self, rows: int) -> None:
        """Wait until the log has room, for as long as the policy blocks; then writing decides.

        Where it refuses, a log that is full and works is waited for a moment: large requests can be decided faster
        than they are written, and each of them gives the writer time.
        """
        rows *= self._each
        if self._log.pressure(rows) <= 1.0 or self.may_lose:
            return
        blocks = self._terms.when_full is WhenFull.BLOCK
        until = time.monotonic() + (self._terms.wait_seconds if blocks else MOMENT_SECONDS)
        while (full := self._log.pressure(rows)) > 1.0 and time.monotonic() < until:
            if full == inf and not blocks:
                return
            await asyncio.sleep(STEP_SECONDS)

    def refused(self, ruling: Ruling, stamp: Mapping[str, Any], rows: int) -> None:
        """Log a refusal; raise OSError where that cannot be, whatever the policy loses: nobody was answered yet.

        Of requests that come too fast, one line a second is logged, with the number of all of them and of their rows.
        """
        hasty = self._hasty.get(ruling.guard)
        if hasty is None:
            self._tell(stamp, ruling.guard, ruling.reason, rows)
            return
        with self._lock:
            due = hasty.add(ruling.reason, rows, time.monotonic())
        if due:
            self._tell_hasty(ruling.guard, hasty, stamp)

    def settle(self, stamp: Mapping[str, Any]) -> None:
        """Log what is counted and not told yet; what cannot be logged now is told the next time."""
        if self._rows:
            self._confess(stamp)
        for guard, hasty in self._hasty.items():
            if hasty.requests:
                with suppress(OSError):
                    self._tell_hasty(guard, hasty, stamp)

    def decided(self, rows: Rows, columns: Sequence[Sequence[Any]], constant: tuple[int, str, int]) -> bool:
        """Log what was decided; return whether it was.

        Parameters
        ----------
        columns
            As ``COLUMNS`` names them, one value a row.
        constant
            As ``CONSTANT`` names them, one value for all rows.

        Raises
        ------
        OSError
            If the log cannot take it, and the policy says that it must.
        """
        if self._terms.when_full is not WhenFull.SAMPLE:
            self._write(rows, columns, constant)
            return True
        try:
            if self.strained(rows.size) and not self._drawn():
                return self._missed(rows.size)
            self._write(rows, columns, constant)
        except OSError:
            return self._missed(rows.size)
        if self._rows:
            self._confess({"request_id": columns[1][0], "at": constant[0]})
        return True

    def lone(self, told: tuple[Any, ...], values: Sequence[Any]) -> None:
        """Log one row; raise OSError where the log cannot take it.

        Parameters
        ----------
        told
            What was decided, in the order of the log's own columns.
        values
            Of all inputs, in their order.
        """
        if self._personal is None:
            self._log.append_row(self._decisions, (*told, *values))
            return
        apart = self._personal, (told[0], told[2], *[values[at] for at in self._apart])
        self._log.append_row(self._decisions, (*told, *[values[at] for at in self._kept]), apart)

    def _write(self, rows: Rows, columns: Sequence[Sequence[Any]], constant: tuple[int, str, int]) -> None:
        if rows.size == 1 and self._personal is None and (row := self._row(rows, columns, constant)):
            self._log.append_row(self._decisions, row)
            return
        block: dict[str, Any] = dict(zip(COLUMNS, columns, strict=True))
        for name, value in zip(CONSTANT, constant, strict=True):
            block[name] = Repeated(value, rows.size)
        dense = dense_of(rows.columns, self._layout)
        given: Mapping[str, Any] = rows.columns if dense is None else dense.columns()
        for column in self._decisions.inputs:
            block[INPUT + column.name] = given[column.name]
        if self._personal is None:
            self._log.append(self._decisions, block)
            return
        apart: dict[str, Any] = {name: block[name] for name in ("decision_id", "at")}
        for column in self._personal.inputs:
            apart[INPUT + column.name] = given[column.name]
        self._log.append(self._decisions, block, (self._personal, apart))

    def _row(self, rows: Rows, columns: Sequence[Sequence[Any]], constant: tuple[int, str, int]) -> tuple[Any, ...]:
        """Return the only row as the log takes one; empty where its inputs came as arrays, which tell NaN from null."""
        given = rows.columns
        inputs = [values[0] for name in self._names if type(values := given[name]) is list]
        if len(inputs) != len(self._names):
            return ()
        (each,), (request_id,), (score,), (favour,), (decision,), (flags,), (reasons,), (latency,) = columns
        at, guards, scored = constant
        return (each, request_id, at, score, favour, decision, flags, guards, reasons, scored, latency, *inputs)

    def _drawn(self) -> bool:
        """Tell whether the turn has come to log one: evenly, not by chance, so that the share is what was said."""
        with self._lock:
            self._turn += self._terms.share
            drawn = self._turn >= 1.0
            self._turn -= drawn
            return drawn

    def _missed(self, rows: int) -> bool:
        with self._lock:
            self._requests += 1
            self._rows += rows
        return False

    def _confess(self, stamp: Mapping[str, Any]) -> None:
        """Log how many were not logged; where that cannot be, they are told next time."""
        with self._lock:
            requests, rows = self._requests, self._rows
            self._requests = self._rows = 0
        try:
            self._tell(stamp, UNLOGGED, f"{requests} requests were answered and not logged: the log was full", rows)
        except OSError:
            with self._lock:
                self._requests += requests
                self._rows += rows

    def _tell_hasty(self, guard: str, hasty: _Hasty, stamp: Mapping[str, Any]) -> None:
        with self._lock:
            requests, rows, reason = hasty.taken()
        try:
            self._tell(stamp, guard, reason if requests == 1 else f"{requests} requests: {reason}", rows)
        except OSError:
            with self._lock:
                hasty.back(requests, rows)
            raise

    def _tell(self, stamp: Mapping[str, Any], guard: str, reason: str, rows: int) -> None:
        row = {**stamp, "guard": guard, "reason": reason, "rows": rows}
        self._log.append(self._refusals, {name: [value] for name, value in row.items()})


def said_of(rulings: Sequence[Ruling]) -> str:
    """Return the ruling of each guard in one line."""
    return " ".join([f"{ruling.guard}={ruling.outcome}" for ruling in rulings])


def joined(rulings: Sequence[Ruling], size: int) -> list[Sequence[str]]:
    """Join the marks of all guards, row by row."""
    flags: list[Sequence[str]] = [()] * size
    for ruling in rulings:
        for row, marks in ruling.flags.items():
            flags[row] = (*flags[row], *marks)
    return flags
