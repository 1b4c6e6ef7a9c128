"""Refusals: every attempt to come in that was refused is written down, and a flood of them does not fill the ledger."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from muster.lifecycle.desk.context import House
from muster.records.access.alert import Alert, Severity, Suspicious
from muster.records.codec import encode, kind_of
from muster.records.entry import Entry
from muster.records.people import RefusedAttempt
from muster.rules.access.roll import SYSTEM

LOG = logging.getLogger("muster.entrance")

WRITTEN = 10
"""Entries a minute; what comes beyond is counted, and told in one entry."""

BURST = 20
"""Refused attempts in a minute at which people are alerted."""

WINDOW = timedelta(minutes=1)

SIGN_IN = "sign-in"
ABOUT = "entrance"


class Refusals:
    """Writes refused attempts of one process; no address and nothing that was typed goes into the ledger."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = threading.Lock()
        self._since: datetime | None = None
        self._count = 0

    def note(self, error: PermissionError, actor: str = "", address: str = "") -> None:
        """Write down that somebody was refused, and raise the alerts that are due.

        Parameters
        ----------
        error
            Why; its words must not repeat what was typed.
        actor
            The actor concerned, where the house knows one.
        address
            Where it came from: said in the log of the process, and kept nowhere.
        """
        now = self._house.clock()
        with self._lock:
            if self._since is None or now - self._since >= WINDOW:
                self._settle()
                self._since, self._count = now, 0
            self._count += 1
            count = self._count
        if count <= WRITTEN:
            LOG.warning("refused from %s: %s", address or "nobody knows where", error)
            self._write(str(error), f"actor:{actor}" if actor else ABOUT)
        if isinstance(error, Suspicious):
            self._alert(error.what, error.severity, str(error))
        if count == BURST:
            words = f"{count} attempts to come in were refused within a minute: who knocks is in what the process says"
            self._alert("sign-in-attempts", Severity.WARNING, words)

    def settle(self, *, now: datetime | None = None) -> None:
        """Write down how many attempts were only counted; called as time passes, and at the end."""
        with self._lock:
            if self._since is not None and (now is None or now - self._since >= WINDOW):
                self._settle()
                self._since, self._count = None, 0

    def _settle(self) -> None:
        if self._since is not None and self._count > WRITTEN:
            more = self._count - WRITTEN
            self._write(f"{more} more attempts were refused within a minute of {self._since:%H:%M:%S} UTC", ABOUT)

    def _write(self, reason: str, subject: str) -> None:
        body = encode(RefusedAttempt(SIGN_IN, reason))
        self._house.ledger.append([Entry(kind_of(RefusedAttempt), subject, SYSTEM, self._house.clock(), body)])

    def _alert(self, what: str, severity: Severity, words: str) -> None:
        self._house.notify.notify(Alert(what, severity, ABOUT, words, self._house.clock()))
