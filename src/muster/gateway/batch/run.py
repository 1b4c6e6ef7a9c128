"""Run: a file from its first row to its last, in order, by several threads; every step of it can be the last one."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from muster.gateway.batch.checkpoint import Checkpoint, Errand, Kept
from muster.gateway.batch.files import Input, Output, RunLog
from muster.gateway.batch.working import Done, Work
from muster.gateway.served import Served

PART_SECONDS = 10.0
"""How much a kill can cost, however few rows that is."""


class Stopped(Exception):  # noqa: N818 - what became of a run, not a fault of ours
    """The run ends here; what is done stays done. ``interrupted``: nobody refused it, somebody ended it."""

    def __init__(self, reason: str, *, interrupted: bool = False) -> None:
        super().__init__(reason)
        self.interrupted = interrupted


@dataclass(frozen=True, slots=True)
class Pace:
    """How a run goes about it."""

    workers: int
    size: int
    """Rows of a batch at most."""
    part: int
    """Rows between two checkpoints, at least."""
    stop_on_refusal: bool


class Run:
    """One file, scored.

    Parameters
    ----------
    work
        Decides a batch.
    pace
        How many at once.
    current
        Gives what serves now, between batches; raises Stopped where nothing may.
    output
        Where results go.
    log
        Where decisions are logged.
    kept
        Where checkpoints are.
    progress
        Told now and then how far it has come.
    """

    def __init__(
        self,
        work: Work,
        pace: Pace,
        current: Callable[[], Served],
        output: Output,
        log: RunLog,
        kept: Kept,
        progress: Callable[[Checkpoint], None],
    ) -> None:
        self._work = work
        self._pace = pace
        self._current = current
        self._output = output
        self._log = log
        self._kept = kept
        self._progress = progress
        self.at = Checkpoint("", Errand("", "", "", "", "", (), reasons=False))
        """How far it has come."""
        self._since = (0, 0.0)

    def go(self, read: Input, columns: tuple[str, ...], begun: Checkpoint) -> Checkpoint:
        """Go on from a checkpoint to the end of the file; return the last one.

        Raises
        ------
        Stopped
            If it may not go on, or a row is refused and that stops it; everything before is on disk.
        ArithmeticError, OSError, ValueError
            If something fails; it stands at its last checkpoint then.
        """
        self.at = begun
        self._since = begun.rows, time.monotonic()
        try:
            with ThreadPoolExecutor(self._pace.workers, "muster-score") as pool:
                try:
                    self._all(pool, read, columns)
                finally:
                    pool.shutdown(wait=True, cancel_futures=True)
        except Stopped:
            self._checkpoint()
            self._output.abandon()
            raise
        except BaseException:
            self._log.abandon()
            self._output.abandon()
            raise
        self._checkpoint()
        self._output.finish()
        return self.at

    def _all(self, pool: ThreadPoolExecutor, read: Input, columns: tuple[str, ...]) -> None:
        under_way: deque[Future[Done]] = deque()
        for batch in read.batches(columns, self.at.rows, self._pace.size):
            served = self._current()
            under_way.append(pool.submit(self._work, served, batch))
            while under_way and (under_way[0].done() or len(under_way) > self._pace.workers + 1):
                self._take(under_way.popleft().result())
        while under_way:
            self._take(under_way.popleft().result())
            self._current()

    def _take(self, done: Done) -> None:
        if done.refusals and self._pace.stop_on_refusal:
            row = min(done.refusals)
            guard, reason = done.refusals[row]
            msg = f"row {self.at.rows + row} is refused by {guard}: {reason}"
            raise Stopped(msg)
        self._output.write(done.made)
        for source, batch in done.logged:
            self._log.write(source, batch, self.at.number + 1)
        at = self.at
        self.at = replace(
            at,
            rows=at.rows + done.rows,
            refused=at.refused + len(done.refusals),
            favoured=at.favoured + done.favoured,
            referred=at.referred + done.referred,
        )
        rows, moment = self._since
        if self.at.rows - rows >= self._pace.part or time.monotonic() - moment >= PART_SECONDS:
            self._checkpoint()
        self._progress(self.at)

    def _checkpoint(self) -> None:
        """Bring everything to disk, say so, and only then let the log count it."""
        part, segments = self._output.part(), tuple(self._log.part())
        at = self.at
        parts = (*at.parts, part) if part else at.parts
        self.at = replace(at, parts=parts, number=at.number + 1, segments=segments)
        self._kept.write(self.at)
        self._log.publish(segments)
        self._since = self.at.rows, time.monotonic()


def begin(run: str, errand: Errand, kept: Kept, log: RunLog, output: Output) -> Checkpoint:
    """Return where to begin: at the last checkpoint of a run that is gone on with, or at the first row."""
    found = kept.read()
    if found is None:
        log.start()
        return Checkpoint(run, errand)
    log.publish(found.segments)
    log.start()
    log.discard(found.segments)
    output.replay(found.parts)
    return found
