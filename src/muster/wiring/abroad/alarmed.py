"""Alarmed: a ledger that was tampered with raises an alert, whoever meets it first, and whatever they were doing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from muster.adapters.telling.notifier import Telling
from muster.ports.clock import Clock
from muster.ports.ledger import Ledger, Tampered
from muster.ports.notifier import Notifier
from muster.records.access.alert import Alert, Severity
from muster.records.entry import Basis, Entry, Recorded
from muster.settings import Settings
from muster.wiring.abroad.alerts import bind_notifier, say

CHANGED = "ledger-changed"
"""The alert where the ledger is not what was written and signed."""

SOURCE = "/muster/control-plane"


class AlarmedLedger:
    """Fills the port Ledger by another one, and tells of tampering that this one finds.

    Parameters
    ----------
    ledger
        Does the work.
    notify
        Told of tampering; what it records itself goes to ``ledger``, past this one.
    clock
        The moment that alerts carry.
    """

    def __init__(self, ledger: Ledger, notify: Notifier, clock: Clock) -> None:
        self._ledger = ledger
        self._notify = notify
        self._clock = clock

    @property
    def size(self) -> int:
        """Number of entries folded and verified so far."""
        return self._ledger.size

    def refresh(self) -> int:
        """Verify and fold what other processes appended; raise Tampered where it was changed."""
        with self._telling():
            return self._ledger.refresh()

    def append(self, entries: Sequence[Entry], expect: Basis | None = None) -> tuple[Recorded, ...]:
        """Append all entries or none, as the port says."""
        with self._telling():
            return self._ledger.append(entries, expect)

    def read(self, *, subject: str | None = None, kind: str | None = None, start: int = 0) -> Iterator[Recorded]:
        """Yield entries in order, as the port says."""
        return self._read(self._ledger.read(subject=subject, kind=kind, start=start))

    def checkpoint(self, size: int | None = None) -> str:
        """Return a signed checkpoint, as the port says."""
        with self._telling():
            return self._ledger.checkpoint(size)

    def inclusion(self, seq: int, size: int) -> tuple[bytes, ...]:
        """Return an audit path, as the port says."""
        return self._ledger.inclusion(seq, size)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Return a consistency proof, as the port says."""
        return self._ledger.consistency(old, new)

    def verify(self) -> int:
        """Read and hash every entry again; raise Tampered naming the place of any change."""
        with self._telling():
            return self._ledger.verify()

    def close(self) -> None:
        """Let go of the files, if there are any."""
        close = getattr(self._ledger, "close", None)
        if close is not None:
            close()

    def _read(self, found: Iterator[Recorded]) -> Iterator[Recorded]:
        with self._telling():
            yield from found

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except Tampered as error:
            self._notify.notify(Alert(CHANGED, Severity.CRITICAL, "ledger", str(error), self._clock()))
            raise


def open_alarmed(settings: Settings, clock: Clock, open_ledger: Callable[[], Ledger]) -> tuple[Ledger, Telling]:
    """Open the ledger of a control plane, and what brings its alerts; raise Tampered, having told of it.

    Parameters
    ----------
    open_ledger
        Opens the ledger itself.
    """
    try:
        ledger = open_ledger()
    except Tampered as error:
        telling = bind_notifier(settings, settings.home, SOURCE, say)  # no ledger to record it in
        telling.notify(Alert(CHANGED, Severity.CRITICAL, "ledger", str(error), clock()))
        telling.close()
        raise
    telling = bind_notifier(settings, settings.home, SOURCE, say, ledger)
    return AlarmedLedger(ledger, telling, clock), telling
