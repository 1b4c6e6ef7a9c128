"""Notifier: each alert is a line at once and on disk at once; what may take long is done by couriers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from muster.adapters.telling.alertfile import AlertFile
from muster.adapters.telling.courier import Courier
from muster.adapters.telling.pace import Pace
from muster.adapters.telling.shared import SharedPace
from muster.records.access.alert import Alert

CLOSING_S = 2.0
"""How long the end of a process may wait for couriers."""


class Telling:
    """Fills the port Notifier.

    Parameters
    ----------
    say
        Takes lines for the operator.
    file
        Keeps every alert.
    couriers
        Bring alerts elsewhere.
    keep
        Records an alert where this process keeps its records; may raise.
    pace
        Says what is told again; by default, this process goes by itself.
    ticks
        Seconds of a clock that only runs on.
    """

    def __init__(
        self,
        say: Callable[[str], None],
        file: AlertFile,
        couriers: Sequence[Courier[Alert]] = (),
        *,
        keep: Callable[[Alert], None] | None = None,
        pace: Pace | SharedPace | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say = say
        self._file = file
        self._couriers = tuple(couriers)
        self._record = keep
        self._ticks = ticks
        self._pace = pace or Pace()
        self._lock = threading.Lock()

    def notify(self, alert: Alert) -> None:
        """Bring one alert, unless it was brought within the hour; never raise, and never hold up whoever noticed."""
        with self._lock:
            more = self._pace.take(alert, self._ticks())
        if more is None:
            return
        told = replace(alert, words=alert.words + more) if more else alert
        self._say(f"ALERT {told.what} ({told.severity.value}), {told.about}: {told.words}")
        self._keep(told)
        for courier in self._couriers:
            if not courier.send(told):
                self._say(f"alert {told.what} waits for nobody: too many do already. It stands above, and in the file")

    def _keep(self, alert: Alert) -> None:
        try:
            self._file.append(alert)
        except OSError as error:
            self._say(f"the alert is in no file: {error}")
        try:
            if self._record is not None:
                self._record(alert)
        except Exception as error:  # noqa: BLE001 - whoever noticed something must not fail for having said so
            self._say(f"the alert is not in the ledger: {error}")

    def close(self) -> None:
        """Give the couriers a moment, and end them."""
        until = self._ticks() + CLOSING_S
        for courier in self._couriers:
            courier.close(max(0.0, until - self._ticks()))
