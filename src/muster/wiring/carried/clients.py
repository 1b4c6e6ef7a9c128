"""Keys of clients of a gateway: the file that a gateway reads, and how a line is added to it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from muster.rules.language.clients import Client, read_clients

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


def new_client_key(path: Path, label: str, use_case: str) -> ClientKey:
    """Make a key for a client and add its line to the file; a gateway that is up takes it at once.

    Raises
    ------
    ValueError
        If it could not be read again with this line, as where the label is taken: then nothing is written.
    """
    key = secrets.token_urlsafe(32)
    line = f"{label} {use_case} sha256:{hashlib.sha256(key.encode()).hexdigest()}"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = f"{before.rstrip()}\n{line}\n".lstrip()
    read_clients(after, str(path))
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(0o600, exist_ok=False)
    draft.write_text(after, encoding="utf-8")
    draft.replace(path)
    return ClientKey(label, use_case, key, line)


class ClientFile:
    """The file of clients at a path, read again whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
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
            self._clients = read_clients(self._path.read_text(encoding="utf-8"), str(self._path))
            self._state = state
        return self._clients
