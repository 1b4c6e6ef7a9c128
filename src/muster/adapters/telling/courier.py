"""Courier: brings things to one place from a thread of its own, trying again while that place does not take them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

WAITING = 256
"""Things that may wait; what comes on top is refused."""

PAUSES = (1.0, 5.0, 30.0, 120.0, 600.0)
"""Seconds before each further attempt; after the last, the thing is given up, and that is said."""


class Courier(Generic[T]):
    """One place, one thread, which begins with the first thing that is sent.

    Parameters
    ----------
    name
        How lines for the operator call the place.
    deliver
        Brings one thing there; raises where it was not taken.
    say
        Takes lines for the operator.
    pauses
        Seconds before each further attempt.
    """

    def __init__(
        self, name: str, deliver: Callable[[T], None], say: Callable[[str], None], pauses: Sequence[float] = PAUSES
    ) -> None:
        self._name = name
        self._deliver = deliver
        self._say = say
        self._pauses = tuple(pauses)
        self._queue: queue.Queue[T] = queue.Queue(WAITING)
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def send(self, thing: T) -> bool:
        """Take a thing to be brought; False where too many wait already. Never blocks, never raises."""
        try:
            self._queue.put_nowait(thing)
        except queue.Full:
            return False
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"muster-{self._name}", daemon=True)
                self._thread.start()
        return True

    def close(self, seconds: float) -> None:
        """Give what waits that long to be brought, each thing one attempt more, and end."""
        until = time.monotonic() + seconds
        self._closing.set()
        if self._thread is None:
            return
        self._thread.join(max(0.0, until - time.monotonic()))
        if left := self._queue.qsize():
            self._say(f"{self._name}: {left} not brought before the end")

    def _run(self) -> None:
        while True:
            try:
                thing = self._queue.get(timeout=0.2)
            except queue.Empty:
                if self._closing.is_set():
                    return
                continue
            self._bring(thing)

    def _bring(self, thing: T) -> None:
        problem = ""
        for pause in (0.0, *self._pauses):
            if pause and self._closing.wait(pause):
                break
            try:
                self._deliver(thing)
                return
            except Exception as error:  # noqa: BLE001 - a thread that died silently would bring nothing any more
                problem = str(error) or type(error).__name__
        self._say(f"{self._name}: given up: {problem}")
