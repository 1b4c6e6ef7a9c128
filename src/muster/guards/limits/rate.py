"""Guard: more rows a second than the policy allows; a bucket of tokens, which fills steadily and never overflows."""

from __future__ import annotations

import threading
import time

from muster.guards.guard import Context, Event, Outcome, Rows, Ruling
from muster.records.governance.serving import ClientRate as ClientTerms
from muster.records.governance.serving import Rate as Terms


class Rate:
    """Refuse rows while the bucket is empty; what is refused takes nothing out of it."""

    name = "rate"
    judges = Rows

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ticks = time.monotonic
        self._speed = self._tokens = self._burst = self._last = 0.0
        self._allow = Ruling(self.name, Outcome.ALLOW)

    def open(self, context: Context) -> None:
        """Take the rate, and begin with a full bucket; raise ValueError where nothing could ever pass."""
        rate = self._terms(context)
        if rate is None or not rate.rows_per_second > 0 or rate.burst < 1:
            msg = "rows_per_second must be more than 0, and burst 1 or more"
            raise ValueError(msg)
        if isinstance(rate, Terms) and rate.per_client is not None:
            per_client(rate.per_client)  # so that what nobody could pass is found now
        self._speed, self._burst = rate.rows_per_second, float(rate.burst)
        self._ticks, self._tokens = context.ticks, self._burst
        self._last = self._ticks()

    @property
    def most(self) -> int:
        """Rows that it takes at once, after a pause."""
        return int(self._burst)

    def _terms(self, context: Context) -> Terms | ClientTerms | None:
        return context.rate

    def feed(self, event: Event) -> Ruling | None:
        """Take one token for each row; refuse where there are too few."""
        if not isinstance(event, Rows):
            return None
        if event.size > self._burst:
            reason = f"{event.size} rows in one request, {self._burst:g} may come at once: send several requests"
            return Ruling(self.name, Outcome.REFUSE, reason)
        with self._lock:
            now = self._ticks()
            self._tokens = min(self._burst, self._tokens + (now - self._last) * self._speed)
            self._last = now
            if event.size <= self._tokens:
                self._tokens -= event.size
                return self._allow
        return Ruling(self.name, Outcome.REFUSE, f"more than {self._speed:g} rows a second: ask again later")

    def close(self) -> None:
        """Nothing is remembered beyond the bucket."""


class PerClient(Rate):
    """Refuse rows of one client while its own bucket is empty; each has one for itself."""

    name = "client-rate"

    def _terms(self, context: Context) -> ClientTerms | None:
        return context.rate.per_client if context.rate else None


def per_client(terms: ClientTerms) -> PerClient:
    """Return the guard of one client, with a full bucket; raise ValueError where nothing could ever pass."""
    guard = PerClient()
    guard.open(Context((), rate=Terms(terms.rows_per_second, terms.burst, terms)))
    return guard
