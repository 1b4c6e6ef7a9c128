"""Restraint: what did not start is not tried again at once; each failure doubles how long it is left alone.

A gateway reads its orders every few seconds, and a process that imports a library costs seconds of a processor: a model
that cannot start must not take them from the models that serve.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

_Made = TypeVar("_Made")

FIRST: Final = 15.0
"""Seconds that are waited after the first failure."""
LONGEST: Final = 600.0
_MOST: Final = 256
"""Names that are remembered; of more, those that failed first are forgotten."""


@dataclass(frozen=True, slots=True)
class _Failure:
    why: str
    pause: float
    until: float


class Restraint:
    """Remembers by name what failed to start.

    Parameters
    ----------
    clock
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: dict[str, _Failure] = {}

    def started(self, name: str, start: Callable[[], _Made]) -> _Made:
        """Start something, unless it failed a short while ago.

        Raises
        ------
        OSError
            Where it fails, or is not tried yet: why it failed last, and when it will be tried again.
        """
        before = self._failed.get(name)
        if before is not None and self._clock() < before.until:
            raise OSError(_said(before, before.until - self._clock()))
        try:
            made = start()
        except OSError as error:
            pause = FIRST if before is None else min(before.pause * 2, LONGEST)
            failure = _Failure(str(error), pause, self._clock() + pause)
            self._remember(name, failure)
            raise OSError(_said(failure, pause)) from None
        self._failed.pop(name, None)
        return made

    def _remember(self, name: str, failure: _Failure) -> None:
        self._failed.pop(name, None)
        self._failed[name] = failure
        while len(self._failed) > _MOST:
            self._failed.pop(next(iter(self._failed)))


def _said(failure: _Failure, seconds: float) -> str:
    return f"{failure.why}; it is tried again in {math.ceil(seconds)} s"
