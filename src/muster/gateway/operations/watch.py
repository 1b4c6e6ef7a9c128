"""Watch: who is told of every request, where operators asked for that: the log of requests, and traces."""

from __future__ import annotations

from typing import Protocol

from muster.gateway.served import Served


class Watch(Protocol):
    """Told of each request that a deployment was asked; never of what was sent or answered."""

    def traced(self, served: Served) -> Served:
        """Return what is to answer this request: the very same, or one that measures its stages."""
        ...

    def ended(self, served: Served, request_id: str, door: str, status: int, nanoseconds: int) -> None:
        """Take that a request ended; ``request_id`` is empty where it came to none."""
        ...
