"""Resting: whether what was loaded still lies in the outbox as it was, for those who would start with it next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from muster.ports.blobs import Blobs
from muster.records.release import Deployment

EVERY_S: Final = 60.0
"""Seconds between two looks: artifacts are read and hashed whole."""


class Resting:
    """Looks at packages and artifacts of deployments that serve.

    What serves is what was hashed when it was loaded, so that nothing of this stops it.

    Parameters
    ----------
    outbox
        Where they lie; it refuses bytes of another digest than asked for.
    ticks
        Seconds of a clock that only runs on.
    """

    def __init__(self, outbox: Blobs, ticks: Callable[[], float]) -> None:
        self._outbox = outbox
        self._ticks = ticks
        self._next = ticks() + EVERY_S
        self._found: tuple[tuple[str, str, Exception], ...] = ()

    def changed(self, serving: Iterable[Deployment]) -> tuple[tuple[str, str, Exception], ...]:
        """Return arm, name of the alert and error of each that is not what was loaded, as of the last look."""
        if self._ticks() >= self._next:
            self._next = self._ticks() + EVERY_S
            self._found = tuple(self._look(serving))
        return self._found

    def _look(self, serving: Iterable[Deployment]) -> Iterator[tuple[str, str, Exception]]:
        seen: dict[str, Exception | None] = {}
        for each in serving:
            for stage, digest in (("package-exchanged", each.package), ("artifact-exchanged", each.served)):
                if digest not in seen:
                    seen[digest] = self._error(digest)
                if (error := seen[digest]) is not None:
                    yield each.arm, stage, error

    def _error(self, digest: str) -> Exception | None:
        try:
            self._outbox.get(digest)
        except (KeyError, OSError, ValueError) as error:
            return error
        return None
