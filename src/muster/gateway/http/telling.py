"""Telling: what operators are told: lines that know what they are about, and every request, where they ask for that."""

from __future__ import annotations

from typing import Any, Protocol, Self

from muster.gateway.served import Served


class Line(str):
    """Words for the operator that know what they are about.

    Parameters
    ----------
    words
        What is told.
    level
        ``info``, ``warning`` or ``error``.
    what
        Sort of event, for those who filter: ``line``, ``admission``, ``request``, ``worker``.
    told
        More about it: ``deployment``, ``worker``.
    """

    __slots__ = ("level", "told", "what")
    level: str
    what: str
    told: dict[str, Any]

    def __new__(cls, words: str, level: str = "info", what: str = "line", **told: Any) -> Self:
        """Make a line."""
        line = super().__new__(cls, words)
        line.level, line.what, line.told = level, what, told
        return line


SHADOW = "shadow."
"""How stages are called of a version that answers nobody."""


class Watch(Protocol):
    """Told of each request that a deployment was asked; never of what was sent or answered."""

    def traced(self, served: Served, called: str = "") -> Served:
        """Return what is to answer this request: the very same, or one that measures its stages, called so."""
        ...

    def ended(self, served: Served, request_id: str, door: str, status: int, nanoseconds: int) -> None:
        """Take that a request ended; ``request_id`` is empty where it came to none."""
        ...
