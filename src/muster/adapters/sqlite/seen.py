"""What this installation has seen of the ledger, kept outside the database, so that an old copy is known as one."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Final

_PACE: Final = 1.0
"""Seconds between two writes that wait for the disk; those in between survive a crash of the process only."""

_ENOUGH: Final = 4096
"""Bytes to read of a checkpoint, which has a few hundred."""


class Seen:
    """The newest checkpoint that was verified here, in two files.

    ``PATH`` is on disk whenever it is written, which would double the time of every commit, so it is written about
    once a second. ``PATH.latest`` is written at each commit, in place, and left to the operating system. A power
    failure may spoil the second one, never the first.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._latest = path.with_name(path.name + ".latest")
        self._written = 0.0
        path.parent.mkdir(parents=True, exist_ok=True)

    @property
    def notes(self) -> tuple[str | None, str | None]:
        """The durable note and the latest one; None where there is none."""
        return _read(self._path), _read(self._latest)

    def keep(self, note: str, *, durable: bool = False) -> None:
        """Remember a checkpoint, unless another process has remembered a later one; raise OSError if it cannot."""
        descriptor = os.open(self._latest, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # one process at a time, for both files
            before, content = os.pread(descriptor, _ENOUGH, 0), note.encode()
            if _size(before) < _size(content):
                os.pwrite(descriptor, content, 0)
                if len(before) > len(content):
                    os.ftruncate(descriptor, len(content))
            self._settle(note, durable=durable)
        finally:
            os.close(descriptor)

    def _settle(self, note: str, *, durable: bool) -> None:
        now = time.monotonic()
        if durable or not self._written or now - self._written >= _PACE:
            if _size((_read(self._path) or "").encode()) < _size(note.encode()):
                replace(self._path, note.encode(), durable=True)
            self._written = now


def replace(path: Path, content: bytes, *, durable: bool) -> None:
    """Put content at a path in one step: whoever reads sees all of the old or all of the new."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    if durable:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return None


def claimed_size(note: str) -> int:
    """Read a checkpoint's size without verifying it, to know whose signature it must carry; -1 where there is none."""
    return _size(note.encode())


def _size(note: bytes) -> int:
    """Read a checkpoint's size without verifying it: enough to keep the larger of two; -1 where there is none."""
    lines = note.split(b"\n", 2)
    return int(lines[1]) if len(lines) > 1 and lines[1].isdigit() else -1
