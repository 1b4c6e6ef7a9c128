"""Requests: a line for each of them, where operators ask for that: ids, status and time, and never a value."""

from __future__ import annotations

from collections.abc import Callable

from muster.gateway.served import Served


class Requests:
    """Log of requests: what became of each, by ids and times; a watch of the desk.

    Parameters
    ----------
    event
        Takes an object for each.
    """

    def __init__(self, event: Callable[..., None]) -> None:
        self._event = event

    def traced(self, served: Served, called: str = "") -> Served:
        """Measure nothing more."""
        del called
        return served

    def ended(self, served: Served, request_id: str, door: str, status: int, nanoseconds: int) -> None:
        """Write one line."""
        self._event(
            "request",
            deployment=served.decisions.deployment,
            version=served.version,
            door=door,
            status=status,
            request_id=request_id,
            micros=nanoseconds // 1_000,
        )
