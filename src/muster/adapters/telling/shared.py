"""Shared: the pace of several processes that notice the same things, kept in a file, so that one of them tells."""

from __future__ import annotations

import fcntl
from pathlib import Path

import msgspec

from muster.adapters.telling.pace import Pace, State
from muster.records.access.alert import Alert


class SharedPace:
    """Pace of all processes that name the same file; while it is not to be had, each goes by its own.

    Parameters
    ----------
    path
        The file. Whoever starts these processes removes it first: what an earlier life told is told again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = Pace()

    def take(self, alert: Alert, now: float) -> str | None:
        """Return what :meth:`Pace.take` does, of what all these processes told; ``now`` is a clock of the machine."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(0)
                pace = _read(file.read())
                more = pace.take(alert, now)
                file.seek(0)
                file.truncate()
                file.write(msgspec.json.encode(pace.state()))
        except OSError:  # a disk that is full, for one, is what alerts are about
            return self._own.take(alert, now)
        return more


def _read(content: bytes) -> Pace:
    try:
        return Pace.of(msgspec.json.decode(content, type=State))
    except (msgspec.DecodeError, ValueError):
        return Pace()  # nothing was told yet, or a writer was killed: telling twice is better than not at all
