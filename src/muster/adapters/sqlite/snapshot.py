"""Snapshots: the fold as it was, signed by the ledger's key, so that opening need not read every entry again."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from muster.adapters.sqlite.fold import Fold
from muster.adapters.sqlite.seen import replace
from muster.ports.keys import Signer, Verify
from muster.records.canonical import digest
from muster.records.trust import PublicKey
from muster.rules.note import open_note, sign_note

FEWEST: Final = 1000
"""Entries that are quicker read again than kept in a snapshot."""


class Snapshot:
    """One file that may be lost at any time: what is damaged, forged or of another ledger is ignored."""

    def __init__(self, path: Path, origin: str, key: PublicKey, verify: Verify) -> None:
        self._path = path
        self._origin = origin
        self._key = key
        self._verify = verify
        self._size = 0

    def load(self) -> Fold:
        """Return the fold that was kept, or an empty one."""
        try:
            length, _, rest = self._path.read_bytes().partition(b"\n")
            note, content = rest[: int(length)], rest[int(length) :]
            text = open_note(note.decode(), self._origin, [self._key], self._verify)
            fold = Fold.load(content) if text.endswith(f"\n{digest(content)}\n") else Fold()
        except (OSError, ValueError):
            return Fold()
        if text != self._text(fold, content):
            return Fold()
        self._size = fold.tree.size
        return fold

    def keep(self, fold: Fold, signer: Signer, *, closing: bool = False) -> None:
        """Write a new snapshot where enough came since the last one; a full disk only means that there is none."""
        since = fold.tree.size - self._size
        if since < (FEWEST if closing else max(10 * FEWEST, self._size // 2)):
            return
        content = fold.dump()
        note = sign_note(self._text(fold, content), self._origin, signer.key, signer.sign).encode()
        self._size = fold.tree.size
        with contextlib.suppress(OSError):
            replace(self._path, b"%d\n" % len(note) + note + content, durable=False)

    def _text(self, fold: Fold, content: bytes) -> str:
        # The first line tells it from a checkpoint, whose first line is the ledger's name.
        return f"muster ledger snapshot 1\n{self._origin}\n{fold.tree.size}\n{digest(content)}\n"
