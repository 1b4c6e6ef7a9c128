"""Somebody who hears alerts, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from muster.records.access.alert import Alert


@dataclass
class Heard:
    """Fills the port Notifier: remembers what it was told, repeats too."""

    alerts: list[Alert] = field(default_factory=list)

    def notify(self, alert: Alert) -> None:
        self.alerts.append(alert)

    @property
    def names(self) -> list[str]:
        return [alert.what for alert in self.alerts]
