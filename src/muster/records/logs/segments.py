"""Segments of the inference log, and how a log fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Aside:
    """A segment of a run over a file that is written, and not yet part of the log."""

    name: str
    """Where it is to be, by its path in the log, without the rows."""
    digest: str
    rows: int


@dataclass(frozen=True, slots=True)
class LogFigures:
    """How a log fares, since its process began."""

    kept: int = 0
    """Rows on disk."""
    waiting: int = 0
    """Rows queued."""
    room: int = 0
    """Rows that the queue takes."""
    failures: int = 0
    """Times that the disk refused."""
    written: int = 0
    """Bytes on disk."""
    failing: bool = False
    """Whether it takes no rows now."""


@dataclass(frozen=True, slots=True)
class LoggedSegment:
    """A closed part of the log, which can be removed as a whole."""

    name: str
    """Path in the log."""
    until: datetime
    """When its last row was written."""
