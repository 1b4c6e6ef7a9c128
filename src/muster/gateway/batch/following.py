"""Following: what serves a file now; between batches the orders are looked at again, as a gateway does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from muster.gateway.admission.table import Place, Table, report
from muster.gateway.batch.run import Stopped
from muster.gateway.chat.hosted import Hosted
from muster.gateway.served import Served
from muster.ports.clock import Clock


class Follows(Protocol):
    """What gives the table of the moment."""

    def refresh(self) -> Table:
        """Return the table; never raise."""
        ...


class Following:
    """Gives what serves under one name.

    Parameters
    ----------
    admissions
        Asked for a new table once every ``poll_seconds``.
    deployment
        Its name. Where several versions share its traffic, the champion scores files.
    clock
        Tells when a deadline has passed.
    tell
        Takes lines for the operator, whenever what is served has changed.
    """

    def __init__(
        self, admissions: Follows, deployment: str, clock: Clock, poll_seconds: float, tell: Callable[[str], None]
    ) -> None:
        self._admissions = admissions
        self._name = deployment
        self._clock = clock
        self._poll = poll_seconds
        self._tell = tell
        self._told: list[str] = []
        self._version = ""
        self._table = Table()
        self._looked = -poll_seconds
        self.ended = ""
        """Why somebody ended the run; empty while nobody did."""

    def current(self) -> Served:
        """Return what serves now.

        Raises
        ------
        Stopped
            If nothing does, or another version than the one that scored the rows before.
        """
        if self.ended:
            raise Stopped(self.ended, interrupted=True)
        if time.monotonic() - self._looked >= self._poll:
            self._look()
        place = self._table.places.get(self._name)
        served = place.standing(self._clock()) if place is not None else None
        if served is None:
            raise Stopped(self._why(place))
        if isinstance(served, Hosted):
            msg = f"{self._name} is a language model that is hosted elsewhere: it scores no rows"
            raise Stopped(msg)
        if self._version not in ("", served.version):
            msg = f"the orders now name version {served.version}, and rows were scored by {self._version}"
            raise Stopped(msg)
        self._version = served.version
        return served

    def _look(self) -> None:
        self._table = self._admissions.refresh()
        self._looked = time.monotonic()
        lines = _about(report(self._table), self._name, self._table)
        if self._told and lines != self._told:
            for line in lines:
                self._tell(line)
        self._told = lines

    def _why(self, place: Place | None) -> str:
        if place is None and self._table.places:
            return f"the orders name no deployment {self._name!r}; they name {', '.join(sorted(self._table.places))}"
        if place is None:
            return "; ".join(self._table.steps[-2:]) or "nothing is served"
        return f"{self._name}: {place.refusal or 'its orders, release or trust root have expired'}"


def _about(lines: list[str], name: str, table: Table) -> list[str]:
    """Return what the report says of one deployment, and of the orders where nothing is served."""
    if name not in table.places:
        return lines
    start = next(at for at, line in enumerate(lines) if line.startswith(f"{name}: "))
    end = next((at for at in range(start + 1, len(lines)) if not lines[at].startswith("  ")), len(lines))
    return lines[start:end]
