"""Group commit: threads that come at the same time share one transaction, one checkpoint and one sync of the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from muster.records.entry import Basis, Entry, Recorded


@dataclass(slots=True)
class Job:
    """What one caller wants appended, and what came of it: the entries' places, or an error."""

    entries: tuple[Entry, ...]
    raws: tuple[bytes, ...]
    expect: Basis | None
    recorded: tuple[Recorded, ...] = ()
    error: BaseException | None = None
    done: bool = False

    def fail(self, error: BaseException) -> None:
        """End the job with an error."""
        self.error, self.done = error, True


class Turns:
    """The first thread in line works for all who wait; when it is done, most of them find their work done too."""

    def __init__(self, work: Callable[[list[Job]], None]) -> None:
        self.turn = threading.RLock()
        """Held by the one thread that may change the ledger's state."""
        self._work = work
        self._door = threading.Lock()
        self._waiting: list[Job] = []

    def take(self, job: Job) -> None:
        """Return when the job is done, by this thread or another; raise its error."""
        with self._door:
            self._waiting.append(job)
        with self.turn:
            if not job.done:
                self._lead()
        if job.error is not None:
            raise job.error

    def _lead(self) -> None:
        with self._door:
            jobs, self._waiting = self._waiting, []
        try:
            self._work(jobs)
        except BaseException as error:  # noqa: BLE001 - also an interrupt must not leave the others waiting unanswered
            for job in jobs:
                job.fail(error)
