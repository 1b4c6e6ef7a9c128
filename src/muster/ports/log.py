"""Log: the inference log, columnar, appended by gateways and read by the monitor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol


class Log(Protocol):
    """Append-only batches of decisions, each row with an id of its own."""

    def append(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Queue rows for writing; raise OSError if they cannot be kept."""
        ...

    def flush(self) -> None:
        """Return when all rows queued so far are on disk."""
        ...

    def close(self) -> None:
        """Flush and end the segment."""
        ...


class LogReader(Protocol):
    """Reads what gateways logged."""

    def batches(self, deployment: str) -> Iterator[Any]:
        """Yield Arrow record batches (PyCapsule protocol) of one deployment, oldest first."""
        ...
