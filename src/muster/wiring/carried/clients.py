"""Keys of clients of language models: the file that a gateway reads, and how a line is added to it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muster.gateway.chat.clients import Client

WRITABLE = 0o022
"""Others who may write there could let themselves in."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A key that was made; it is shown once and kept nowhere."""

    label: str
    use_case: str
    key: str
    line: str
    """What the file of clients has of it."""


def new_client_key(path: Path, label: str, use_case: str, read: Callable[[str, str], object]) -> ClientKey:
    """Make a key for a client and add its line to the file; a gateway that is up takes it at once.

    Parameters
    ----------
    read
        Reads such a file, and raises ValueError where it would not be one.
    """
    key = secrets.token_urlsafe(32)
    line = f"{label} {use_case} sha256:{hashlib.sha256(key.encode()).hexdigest()}"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = f"{before.rstrip()}\n{line}\n".lstrip()
    read(after, str(path))
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(0o600, exist_ok=False)
    draft.write_text(after, encoding="utf-8")
    draft.replace(path)
    return ClientKey(label, use_case, key, line)


class ClientFile:
    """A file of clients, read again whenever it has changed.

    Parameters
    ----------
    path
        The file.
    read
        Reads its text.
    """

    def __init__(self, path: Path, read: Callable[[str, str], Sequence[Client]]) -> None:
        self._path = path
        self._read = read
        self._state: tuple[int, int, int] = (0, 0, 0)
        self._clients: Sequence[Client] = ()

    def __call__(self) -> Sequence[Client]:
        """Return those who may ask now.

        Raises
        ------
        PermissionError
            If others may write to it.
        OSError, ValueError
            If it cannot be read: then nobody may ask.
        """
        found = self._path.stat()
        if found.st_mode & WRITABLE:
            msg = f"{self._path}: others than the owner may write there; run chmod go-w on it"
            raise PermissionError(msg)
        state = (found.st_mtime_ns, found.st_size, found.st_ino)
        if state != self._state:
            self._clients = self._read(self._path.read_text(encoding="utf-8"), str(self._path))
            self._state = state
        return self._clients
