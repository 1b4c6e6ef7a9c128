"""Seen: what this gateway has seen of orders, on its own disk, so that no restart and no old copy takes it back."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path

from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.rules.orders import SeenOrders, furthest

_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")  # as the outbox names documents


class SeenFile:
    """One file a gateway group in a folder that belongs to one gateway.

    Parameters
    ----------
    folder
        State folder of the gateway.
    group
        Gateway group whose orders are followed.
    shared
        Whether several processes of one gateway keep it: each goes by what all of them have seen.
    """

    def __init__(self, folder: Path, group: str, *, shared: bool = False) -> None:
        if not _GROUP.fullmatch(group):
            msg = f"{group!r} cannot name a gateway group: use 1 to 64 letters, digits, '.' and '-' (--group)"
            raise ValueError(msg)
        self.shared = shared
        self._folder = folder
        self._path = folder / f"seen-{group}.json"

    def read(self) -> SeenOrders:
        """Return what was seen, nothing yet where there is no file; raise ValueError where it is damaged."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return SeenOrders()
        try:
            seen = decode(SeenOrders, parse(content))
            _require_whole(seen, content)
        except ValueError as error:
            msg = (
                f"{self._path} is damaged ({error}): without it old orders could be replayed, so nothing is served. "
                "Restore it; or remove it, if you know that the newest orders are in the outbox"
            )
            raise ValueError(msg) from error
        return seen

    def keep(self, seen: SeenOrders) -> None:
        """Replace the file; it is on disk when this returns. What another process has seen is not taken back."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self.shared:
            self._replace(seen)
            return
        with (self._folder / "seen-lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._replace(furthest(self.read(), seen))

    def _replace(self, seen: SeenOrders) -> None:
        draft = self._path.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(canonical(encode(seen)))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process; raise BlockingIOError if another gateway has it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                msg = f"another gateway uses {self._folder}: give each one a state folder of its own (--gateway-state)"
                raise BlockingIOError(msg) from None
            yield


def _require_whole(seen: SeenOrders, content: bytes) -> None:
    """Refuse a file that lacks a field: its default would mean that nothing had been seen."""
    if canonical(encode(seen)) != content:
        msg = "it is not what a gateway wrote"
        raise ValueError(msg)
