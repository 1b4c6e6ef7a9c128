"""Alerts, bound: lines and a file for every process, a webhook where one is set, the ledger where there is one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from muster.adapters.telling.alertfile import AlertFile
from muster.adapters.telling.courier import Courier
from muster.adapters.telling.notifier import Telling
from muster.adapters.telling.shared import SharedPace
from muster.adapters.telling.webhook import Event, Webhook, secret_of
from muster.ports.ledger import Ledger
from muster.records.access.alert import Alert
from muster.records.codec import encode, kind_of
from muster.records.entry import Entry
from muster.settings import Settings

FILE = "alerts.ndjson"
"""Name of the file of alerts, in the home and in a gateway's state folder."""

PACE = "alerts-told.json"
"""Name of the file beside it in which several processes keep what was told."""

SYSTEM = "system"
"""Who entries name when nobody asked: the process itself."""


def bind_notifier(
    settings: Settings,
    folder: Path,
    source: str,
    say: Callable[[str], None],
    ledger: Ledger | None = None,
    *,
    shared: bool = False,
) -> Telling:
    """Return the notifier of a process.

    Parameters
    ----------
    folder
        Where its file of alerts is.
    source
        How webhooks name the process.
    say
        Takes lines for the operator.
    ledger
        Where alerts are recorded; a gateway has none, its alerts leave it by file and webhook only.
    shared
        Whether several processes notice the same things here: then one of them tells.

    Raises
    ------
    ValueError
        If the settings of the webhook cannot be used.
    OSError
        If its secret cannot be read.
    """
    couriers: list[Courier[Alert]] = []
    if settings.alert_webhook:
        hook = Webhook(settings.alert_webhook, secret_of(settings.webhook_secret), source)
        couriers.append(Courier("alert webhook", lambda alert: hook.send(event_of(alert)), say))
    pace = SharedPace(folder / PACE) if shared else None
    return Telling(say, AlertFile(folder / FILE), couriers, keep=_keeper(ledger), pace=pace)


def forget_alerts(folder: Path) -> None:
    """Forget what was told by several processes at their last start: to those who look now, all of it is new."""
    (folder / PACE).unlink(missing_ok=True)


def say(line: str) -> None:
    """Write a line for the operator of the control plane; what somebody else wrote in it moves no cursor."""
    shown = line if line.isprintable() else "".join(c if c.isprintable() else " " for c in line)
    sys.stderr.write(f"muster: {shown}\n")
    sys.stderr.flush()


def event_of(alert: Alert) -> Event:
    """Return an alert as an event for a webhook."""
    return Event(f"muster.{kind_of(Alert)}", alert.subject, alert.at, encode(alert))


def _keeper(ledger: Ledger | None) -> Callable[[Alert], None] | None:
    if ledger is None:
        return None

    def keep(alert: Alert) -> None:
        """Record the alert in the ledger."""
        ledger.append([Entry(kind_of(Alert), alert.subject, SYSTEM, alert.at, encode(alert))])

    return keep
