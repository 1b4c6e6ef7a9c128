"""Notifier: tells people what they must look at now."""

from __future__ import annotations

from typing import Protocol

from muster.records.access.alert import Alert


class Notifier(Protocol):
    """Brings alerts to where people look; what cannot be brought is kept and said, never lost in silence."""

    def notify(self, alert: Alert) -> None:
        """Bring one alert; never raise, and never hold up whoever noticed."""
        ...
