"""File of alerts: a line of JSON each, on disk before anything else is done about it, bounded by rotation."""

from __future__ import annotations

import os
from pathlib import Path

from muster.records.access.alert import Alert
from muster.records.canonical import canonical
from muster.records.codec import encode

LARGEST = 2**20
"""Bytes of the file before it is put aside as ``.1``, and that as ``.2``, and so on."""

KEPT = 4
"""Files that were put aside; the oldest goes."""


class AlertFile:
    """Appends to one file, which several processes may share.

    Parameters
    ----------
    path
        The file, such as ``alerts.ndjson`` in the home.
    largest
        Bytes before it is put aside.
    """

    def __init__(self, path: Path, largest: int = LARGEST) -> None:
        self._path = path
        self._largest = largest

    def append(self, alert: Alert) -> None:
        """Write one line and bring it to disk; raise OSError if that cannot be done."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._rotate()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, canonical(encode(alert)) + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _rotate(self) -> None:
        if not self._path.exists() or self._path.stat().st_size < self._largest:
            return
        for number in range(KEPT, 0, -1):
            older = self._aside(number)
            newer = self._aside(number - 1) if number > 1 else self._path
            if newer.exists():
                newer.replace(older)

    def _aside(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")
