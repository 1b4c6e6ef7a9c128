"""Shadows: versions that are asked what others were asked, in a thread of their own, and whose answers nobody sees.

What they would have said goes to streams of its own in the log, so that nobody takes it for decisions on people. Their
queue is bounded: what does not fit is dropped and counted, and whoever is answered never waits for them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from muster.gateway.decided import Refused
from muster.gateway.served import Served
from muster.guards.guard import Rows

WAITING_ROWS = 10_000
"""Rows that may wait for shadows; a request that would make it more is not shown to them."""

WAITING = 256
"""Requests that may wait for shadows."""

TELL_SECONDS = 60.0
"""How often the operator is told that requests were dropped."""


@dataclass(slots=True)
class Seen:
    """What became of the requests that a shadow was to see."""

    answered: int = 0
    refused: int = 0
    failed: int = 0
    dropped: int = 0


@dataclass(slots=True)
class Shadows:
    """Asks versions in the shadow, one request after another.

    Parameters
    ----------
    tell
        Takes lines for the operator.
    """

    tell: Callable[[str], None]
    counts: dict[tuple[str, str], Seen] = field(default_factory=dict)
    """By deployment and version."""
    _queue: deque[tuple[Served, Rows, str, datetime]] = field(default_factory=deque)
    _rows: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _told: float = float("-inf")

    def offer(self, shadow: Served, rows: Rows, request_id: str, at: datetime) -> bool:
        """Let a shadow see a request when it comes to it; False where too much waits already. Never waits, nor raises.

        A log that is half full is left to those who are answered: what shadows would have said must not fill it.

        Parameters
        ----------
        rows
            As they were answered by another version; nothing may change them afterwards.
        """
        with self._changed:
            waiting = len(self._queue) >= WAITING or self._rows + rows.size > WAITING_ROWS
            if waiting or shadow.recorder.strained(rows.size):
                dropped = self._of(shadow)
                dropped.dropped += 1
                self._complain(shadow, dropped)
                return False
            self._queue.append((shadow, rows, request_id, at))
            self._rows += rows.size
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="muster-shadow", daemon=True)
                self._thread.start()
            self._changed.notify()
        return True

    def idle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing waits any more; False where that took longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._rows, seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._queue))
                shadow, rows, request_id, at = self._queue.popleft()
            self._ask(shadow, rows, request_id, at)
            with self._changed:
                self._rows -= rows.size
                self._changed.notify_all()
            del shadow, rows  # what no longer serves is let go, though this thread waits on

    def _ask(self, shadow: Served, rows: Rows, request_id: str, at: datetime) -> None:
        seen = self._of(shadow)
        try:
            shadow.decide(rows, request_id, at, time.perf_counter())
        except Refused:
            seen.refused += 1
        except Exception:  # noqa: BLE001 - whatever it is, nobody waits for it; it is counted, and figures show it
            seen.failed += 1
        else:
            seen.answered += 1

    def _of(self, shadow: Served) -> Seen:
        return self.counts.setdefault((shadow.decisions.deployment, shadow.version), Seen())

    def _complain(self, shadow: Served, seen: Seen) -> None:
        now = time.monotonic()
        if now - self._told >= TELL_SECONDS:
            self._told = now
            name = shadow.decisions.deployment
            self.tell(f"{name}: a shadow is too slow, {seen.dropped} requests were not shown to it so far")
