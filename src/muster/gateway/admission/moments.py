"""Moments: what time it is for a gateway, whose clock an attacker may set: never before what it has seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from muster.gateway.admission.alarms import Alarms
from muster.ports.clock import Clock
from muster.records.access.alert import Severity

JUMP = timedelta(minutes=5)
"""How far a clock may be off before people are told."""


class Moments:
    """Tells the moment.

    Parameters
    ----------
    clock
        The clock on the wall, which may be set.
    ticks
        Seconds of a clock that only runs on.
    alarms
        Told of clocks that were set.
    """

    def __init__(self, clock: Clock, ticks: Callable[[], float], alarms: Alarms) -> None:
        self._clock = clock
        self._ticks = ticks
        self._alarms = alarms
        self._anchor: tuple[datetime, float] | None = None

    def now(self, seen: datetime) -> datetime:
        """Return the moment: never before what was seen, nor running slower than the clock that only runs on."""
        wall = self._clock()
        least = max(seen, self._run_on()) if self._anchor else seen
        if least - wall > JUMP:
            self._alarms.sound(
                "clock-set-back",
                Severity.CRITICAL,
                f"this machine says {wall:%Y-%m-%d %H:%M:%S} UTC, but it was {least:%Y-%m-%d %H:%M:%S} already: the "
                "later moment counts, so that nothing that expired comes back. Set the clock right; if it had been "
                "wrong before, remove what this gateway has seen and start it with --orders-at-least",
            )
        elif self._anchor and wall - self._run_on() > JUMP:
            self._alarms.sound(
                "clock-set-forward",
                Severity.WARNING,
                f"this machine's clock jumped to {wall:%Y-%m-%d %H:%M:%S} UTC: from now on that counts, and what "
                "expires by it expires. Set it right before it is taken for true everywhere",
            )
        return max(wall, least)

    def hold(self, moment: datetime) -> None:
        """Take a moment that was proven: from here on time runs with the clock that only runs on."""
        self._anchor = moment, self._ticks()

    def _run_on(self) -> datetime:
        at, ticks = self._anchor or (self._clock(), self._ticks())
        return at + timedelta(seconds=self._ticks() - ticks)
