"""Writer of the log: rows are queued by the gateway and brought to disk by a thread, many at a time.

The gateway answers once a row is queued; :meth:`ArrowLog.flush` returns once it is on disk. The queue is bounded, and
while the disk takes nothing, nothing more is queued: whether to answer then is the caller's policy. What is queued is
tried again until it is kept.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from muster.adapters.arrowlog.schema import Block, Part, batch_of, prepare, size_of
from muster.adapters.arrowlog.sealing import Sealer
from muster.adapters.arrowlog.segment import Segment
from muster.ports.log import LogCipher, Source
from muster.records.logs.segments import LogFigures

BATCH_ROWS = 10_000
"""A batch is brought to disk once it has as many."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """How the log is cut and how much may wait."""

    queue_rows: int = 100_000
    linger_s: float = 0.05
    """How long the thread waits for more rows before it writes; it hurries where somebody waits for them."""
    retry_s: float = 0.5
    segment_bytes: int = 64 * 2**20
    segment_s: float = 3600.0


class ArrowLog:
    """Log of one gateway process.

    Parameters
    ----------
    folder
        Folder of the log; several processes may share it, each writes segments of its own.
    rolling
        Bounds.
    sealer
        Signs each segment when it is closed; None: the log is not signed.
    cipher
        Seals what comes to disk; None: it is there as it is.

    Raises
    ------
    OSError, ValueError
        If the folder cannot be used, or what an earlier life left cannot be sealed.
    """

    def __init__(
        self,
        folder: Path,
        rolling: Rolling | None = None,
        sealer: Sealer | None = None,
        cipher: LogCipher | None = None,
    ) -> None:
        self._folder = folder
        self._rolling = rolling or Rolling()
        self._replica = f"{os.getpid():x}{os.urandom(4).hex()}"
        self._changed = threading.Condition()
        self._queue: list[tuple[Source, Part]] = []
        self._queued = self._kept = self._wanted = 0
        self._failure = ""
        self._closed = False
        self._segments: dict[Source, Segment] = {}
        self._batches = self._files = self._failures = self._written = 0
        self._hasty: Mapping[str, float] = {}
        self._sealer = sealer
        self._cipher = cipher
        folder.mkdir(parents=True, exist_ok=True)
        prepare()
        if sealer is not None:
            sealer.recover()
        self._thread = threading.Thread(target=self._run, name="muster-log", daemon=True)
        self._thread.start()

    def append(self, source: Source, rows: Block, apart: tuple[Source, Block] | None = None) -> None:
        """Queue rows, and what is kept apart of them; raise OSError while the log is full, failing or closed."""
        if apart is None:
            self._take(((source, rows),), size_of(rows))
        else:
            self._take(((source, rows), apart), size_of(rows) + size_of(apart[1]))

    def append_row(
        self, source: Source, row: tuple[Any, ...], apart: tuple[Source, tuple[Any, ...]] | None = None
    ) -> None:
        """Queue one row, and what is kept apart of it; raise OSError while the log is full, failing or closed."""
        if apart is None:
            self._take(((source, row),), 1)
        else:
            self._take(((source, row), apart), 2)

    def _take(self, parts: Sequence[tuple[Source, Part]], size: int) -> None:
        with self._changed:
            if self._closed or self._failure:
                msg = f"the inference log takes no rows: {self._failure or 'it is closed'}"
                raise OSError(msg)
            if self._queued - self._kept + size > self._rolling.queue_rows:
                msg = f"the inference log is full: {self._queued - self._kept} rows wait for the disk"
                raise OSError(msg)
            idle = not self._queue
            self._queue.extend(parts)
            self._queued += size
            if idle:
                self._changed.notify_all()

    def pressure(self, rows: int = 0) -> float:
        """Return how full the queue would be with so many rows more; infinite while the log is failing or closed."""
        if self._closed or self._failure:
            return inf
        return (self._queued - self._kept + rows) / self._rolling.queue_rows

    def figures(self) -> LogFigures:
        """Return how it fares; may be asked by any thread."""
        waiting, failing = self._queued - self._kept, bool(self._failure) or self._closed
        return LogFigures(self._kept, waiting, self._rolling.queue_rows, self._failures, self._written, failing)

    def flush(self) -> None:
        """Return when all rows queued so far are on disk; raise OSError if the disk refuses them."""
        with self._changed:
            self._wanted = target = self._queued
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._kept >= target or self._failure)
            if self._kept < target:
                msg = f"{target - self._kept} rows of the inference log are not on disk: {self._failure}"
                raise OSError(msg)

    def hasten(self, seconds: Mapping[str, float]) -> None:
        """Close segments of these deployments so often, and no longer those of others that were named before."""
        self._hasty = dict(seconds)

    def close(self) -> None:
        """Bring the rest to disk and end the segments; raise OSError if that cannot be done."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()
        if self._failure:
            msg = f"{self._queued - self._kept} rows of the inference log were not kept: {self._failure}"
            raise OSError(msg)

    def _run(self) -> None:
        while self._wait():
            with self._changed:
                taken, self._queue = self._queue, []
            if not all(self._keep(source, some) for source, parts in _by_source(taken) for some in _cut(parts)):
                break
            del taken  # not to be kept alive until the next rows come
            self._roll()
        for source, segment in list(self._segments.items()):
            self._finish(source, segment)

    def _wait(self) -> bool:
        """Wait for rows, then a little for more; False once the log is closed and nothing waits."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed, timeout=1.0)
            if self._queue and not self._closed:
                self._changed.wait_for(self._hurries, timeout=self._rolling.linger_s)
            return bool(self._queue) or not self._closed

    def _hurries(self) -> bool:
        return self._closed or self._wanted > self._kept

    def _keep(self, source: Source, parts: Sequence[Part]) -> bool:
        """Bring one batch to disk, however often it takes; False only when closed while the disk refuses."""
        self._batches += 1
        identity = f"{self._replica}-{self._batches}"
        while True:
            try:
                batch = batch_of(source, parts)
                segment = self._segment(source)
                before = segment.size
                segment.write(batch, identity)
                self._written += segment.size - before
            except Exception as error:  # noqa: BLE001 - a writer that died silently would let rows be lost
                self._let_go(source)
                with self._changed:
                    self._failures += 1
                    self._failure = f"{type(error).__name__}: {error}"
                    self._changed.notify_all()
                    self._changed.wait_for(lambda: self._closed, timeout=self._rolling.retry_s)
                    if self._closed:
                        return False
                continue
            with self._changed:
                self._kept += batch.num_rows
                self._failure = ""
                self._changed.notify_all()
            return True

    def _segment(self, source: Source) -> Segment:
        if source not in self._segments:
            self._files += 1
            name = f"{time.time_ns() // 1000:020d}-{self._replica}-{self._files:06d}"
            segment = Segment(self._folder, source, name, self._cipher.begin() if self._cipher else None)
            if self._sealer is not None:
                self._sealer.opened(segment.path)
            self._segments[source] = segment
        return self._segments[source]

    def _let_go(self, source: Source) -> None:
        if segment := self._segments.pop(source, None):
            segment.abandon()

    def _roll(self) -> None:
        """Close segments that are large or old enough."""
        now = time.monotonic()
        for source, segment in list(self._segments.items()):
            longest = min(self._rolling.segment_s, self._hasty.get(source.deployment, inf))
            if segment.size >= self._rolling.segment_bytes or now - segment.born >= longest:
                self._finish(source, segment)

    def _finish(self, source: Source, segment: Segment) -> None:
        """Close a segment; its rows are safe already, so that a disk that refuses its end costs nothing."""
        try:
            closed = segment.close()
            if closed and self._sealer is not None:
                self._sealer.closed(closed, segment.path)
        except OSError:
            segment.abandon()  # a sealer remembers it, and seals it when this gateway starts again
        self._segments.pop(source, None)


def _cut(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Cut what came from one source into batches: room is made for more rows whenever one is on disk."""
    some: list[Part] = []
    rows = 0
    for part in parts:
        some.append(part)
        rows += 1 if isinstance(part, tuple) else size_of(part)
        if rows >= BATCH_ROWS:
            yield some
            some, rows = [], 0
    if some:
        yield some


def _by_source(taken: Sequence[tuple[Source, Part]]) -> list[tuple[Source, list[Part]]]:
    same: dict[int, tuple[Source, list[Part]]] = {}  # by identity first: a deployment's rows all name the same object
    for source, part in taken:
        found = same.get(id(source))
        if found is None:
            found = same[id(source)] = (source, [])
        found[1].append(part)
    # A new policy may keep other inputs apart: rows of one version are of two kinds then, though all else is equal.
    groups: dict[Source, list[Part]] = {}
    for source, parts in same.values():
        groups.setdefault(source, []).extend(parts)
    return list(groups.items())
