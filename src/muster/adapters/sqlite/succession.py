"""Succession: which key signs the ledger's checkpoints from when on, as the trust roots in the ledger itself say.

The documents of the roots prove themselves, from the pinned fingerprint on, so that they may be read before any
checkpoint is; where they stand is proven by the checkpoints afterwards.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from muster.adapters.sqlite.fold import Fold
from muster.adapters.sqlite.follow import open_row
from muster.adapters.sqlite.seen import claimed_size
from muster.adapters.sqlite.table import Table
from muster.ports.keys import Verify
from muster.records.codec import decode, kind_of
from muster.records.entry import Entry
from muster.records.trust import Duty, PublicKey, SignedRoot, TrustRoot
from muster.rules.note import Checkpoint, open_checkpoint
from muster.rules.trust import step_root

_KIND: Final = kind_of(SignedRoot)


class Succession:
    """The ledger's keys, by the number of entries that a checkpoint covers.

    A checkpoint that covers a trust root is signed by a key that this root, or a later one, names: what a withdrawn key
    signs afterwards is worth nothing, and what it signed before stays good.

    Parameters
    ----------
    path, origin
        The database, and the name of the ledger.
    key
        The one key where no root is in the ledger yet, or none is pinned.
    pinned
        Fingerprint of the first trust root; empty: the key stays for ever.
    """

    def __init__(self, path: Path, origin: str, key: PublicKey, pinned: str, verify: Verify) -> None:
        self._path = path
        self._origin = origin
        self._key = key
        self._pinned = pinned
        self._verify = verify
        self._read: tuple[int, ...] = ()
        self._reigns: tuple[tuple[int, tuple[PublicKey, ...]], ...] = ()

    def keys(self, size: int) -> tuple[PublicKey, ...]:
        """Return the keys of which one signs a checkpoint of so many entries."""
        return next((keys for start, keys in reversed(self._reigns) if start < size), (self._key,))

    def open(self, note: str) -> Checkpoint:
        """Return the checkpoint in a note.

        Raises
        ------
        ValueError
            Where it is not a checkpoint.
        PermissionError
            Where it is of another ledger, or not signed by a key of its time.
        """
        size = claimed_size(note)
        try:
            return open_checkpoint(note, self._origin, self.keys(size), self._verify)
        except PermissionError:
            if not self._looked():
                raise
            return open_checkpoint(note, self._origin, self.keys(size), self._verify)

    def confirm(self, note: str, fold: Fold, table: Table, own: PublicKey | None = None) -> None:
        """Read the trust roots that were folded since the last time, and judge the newest checkpoint by them again.

        Raises
        ------
        ValueError
            Where another key should have signed it.
        PermissionError
            Where ``own``, which has just signed it, may not.
        """
        size = fold.tree.size
        if self._learned(fold, table) and own is None:
            open_row(size, note, self.open)
        if own is not None and own not in self.keys(size):
            words = (
                f"the ledger key here, {own.id[:16]}, is not named by the trust root that would then be in force, so "
                "nothing that it signs would count: put the key that is named in its place and start again; or, if it "
                "is new here, publish the trust root that names it first (muster trust publish)"
            )
            raise PermissionError(errno.EACCES, words, str(self._path))

    def _learned(self, fold: Fold, table: Table) -> bool:
        """Read the trust roots that were folded; return whether any key's time has changed."""
        places = fold.places(None, _KIND, 0, fold.tree.size) if self._pinned else ()
        if self._read == tuple(places):
            return False
        return self._learn((row[0], row[1]) for rows in table.pick(places) for row in rows)

    def _looked(self) -> bool:
        """Look through the database for trust roots that were not read yet; return whether keys have changed."""
        if not self._pinned or not self._path.exists():
            return False
        with contextlib.closing(Table(self._path, writable=False)) as table:
            return self._learn(table.holding(f',"kind":"{_KIND}",'.encode()))

    def _learn(self, rows: Iterable[tuple[int, bytes]]) -> bool:
        """Read the entries of signed roots, in order; what does not follow proves nothing, and is passed over."""
        before, trusted = self._reigns, None
        read, reigns = list[int](), list[tuple[int, tuple[PublicKey, ...]]]()
        for seq, raw in rows:
            read.append(seq)
            with contextlib.suppress(ValueError, PermissionError):
                trusted = self._step(trusted, raw)
                reigns.append((seq, trusted.keys(Duty.LEDGER)))
        self._read, self._reigns = tuple(read), tuple(reigns)
        return before != self._reigns

    def _step(self, trusted: TrustRoot | None, raw: bytes) -> TrustRoot:
        document = decode(SignedRoot, Entry.from_bytes(raw).body).envelope
        return step_root(trusted, document, self._pinned, self._verify)
