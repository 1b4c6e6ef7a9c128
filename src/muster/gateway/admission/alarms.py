"""Alarms: what a gateway notices becomes an alert, with its name and a word on how soon to look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from muster.ports.notifier import Notifier
from muster.records.access.alert import Alert, Severity, Suspicious


@dataclass(frozen=True, slots=True)
class Alarms:
    """Raises alerts in the name of one gateway.

    Parameters
    ----------
    about
        The gateway, such as ``gateway:credit/g1``.
    notify
        Who is told; nobody, where a process only looks.
    clock
        The moment that alerts carry.
    """

    about: str
    notify: Notifier | None
    clock: Callable[[], datetime]

    def sound(self, what: str, severity: Severity, words: str, part: str = "") -> None:
        """Raise one alert; ``part`` is what of the gateway it is about, so that those of others are told, too."""
        if self.notify is not None:
            about = f"{self.about}/{part}" if part else self.about
            self.notify.notify(Alert(what, severity, about, words, self.clock()))

    def refusal(self, error: Exception, otherwise: str, words: str, part: str = "") -> None:
        """Raise the alert of a refusal: the one that it names, or else ``otherwise`` as a warning."""
        if isinstance(error, Suspicious):
            self.sound(error.what, error.severity, words, part)
        else:
            self.sound(otherwise, Severity.WARNING, words, part)
