"""The ledger in one SQLite file: append-only, tamper-evident, shared by threads and processes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from muster.adapters.sqlite.admit import accept, written
from muster.adapters.sqlite.fold import REMEDY, Fold, sound
from muster.adapters.sqlite.follow import Audit, audit, catch_up, older, open_row
from muster.adapters.sqlite.seen import Seen
from muster.adapters.sqlite.snapshot import Snapshot
from muster.adapters.sqlite.succession import Succession
from muster.adapters.sqlite.table import Row, Table
from muster.adapters.sqlite.turns import Job, Turns
from muster.ports.keys import Signer, Verify
from muster.ports.ledger import Tampered
from muster.records.entry import Basis, Entry, Recorded
from muster.records.trust import PublicKey
from muster.rules.note import Checkpoint, key_hash, sign_checkpoint


class SqliteLedger:
    """Fills the port Ledger.

    Parameters
    ----------
    path
        The database; it is made where there is none and a signer is given.
    origin
        Name of the ledger: first line of its checkpoints and name of its key.
    key, verify
        The ledger's public key, from the trust root, and what verifies its signatures.
    signer
        The private half. None opens the ledger for reading only, as an auditor does.
    seen
        File outside the database, of this installation, that remembers the newest checkpoint verified here.
        Beside it stand ``.latest``, which goes with it, and ``.snapshot``, which may be deleted.
    pinned
        Fingerprint of the first trust root: roots in the ledger then say which key signs when. Empty: always ``key``.

    Raises
    ------
    ValueError
        Where the database was tampered with or an old copy of it was restored, naming the entry.
    FileNotFoundError
        Where there is no database and it may not be made, or there was one.
    OSError
        Where files cannot be read or written.
    """

    def __init__(
        self,
        path: Path,
        *,
        origin: str,
        key: PublicKey,
        verify: Verify,
        signer: Signer | None,
        seen: Path,
        pinned: str = "",
    ) -> None:
        if signer is not None and signer.key != key:
            msg = f"key {signer.key.id[:12]} is not the ledger's, which is {key.id[:12]}: give the right key file"
            raise ValueError(msg)
        key_hash(origin, key)  # which refuses a name or a kind of key that could not sign checkpoints
        self._path = path
        self._origin = origin
        self._key = key
        self._keys = Succession(path, origin, key, pinned, verify)
        self._signer = signer
        self._seen = Seen(seen)
        self._unseen = False
        remembered = self._remembered()
        if remembered and not path.exists():
            msg = f"{path} is gone, and it had {remembered.size} entries: put the database back"
            raise FileNotFoundError(msg)
        self._turns = Turns(self._commit)
        self._note, self._size = "", 0
        self._snapshot = Snapshot(seen.with_name(seen.name + ".snapshot"), origin, key, verify)
        self._fold = Fold()
        self._table = Table(path, writable=signer is not None)
        self._reader = Table(path, writable=False)
        try:
            self._open(remembered)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Keep what speeds up the next opening, and end the connections; a ledger that is not closed loses nothing."""
        with self._turns.turn:
            if self._note:
                with contextlib.suppress(OSError):
                    self._seen.keep(self._note, durable=True)
            if self._signer is not None and self._size == self._fold.tree.size:
                self._snapshot.keep(self._fold, self._signer, closing=True)
            self._reader.close()
            self._table.close()  # last, for only a connection that may write can tidy up the write-ahead log

    @property
    def size(self) -> int:
        """Number of entries folded and verified so far."""
        return self._size

    def refresh(self) -> int:
        """Verify and fold what other processes appended; return the new size; raise Tampered where it was changed."""
        with self._turns.turn:
            before = self._note
            with self._table.reading():
                self._follow()
            if self._note != before:
                self._seen.keep(self._note)
            return self._size

    def append(self, entries: Sequence[Entry], expect: Basis | None = None) -> tuple[Recorded, ...]:
        """Append all entries or none; they are on disk when this returns.

        Raises
        ------
        Conflict
            Where what ``expect`` covers has changed.
        PermissionError
            Where the ledger was opened without its private key.
        ValueError
            Where an entry cannot be written, or the database was tampered with.
        OSError
            Where the disk is full or fails; nothing is appended.
        """
        _ = self._private
        job = Job(tuple(entries), tuple(written(entry) for entry in entries), expect)
        if job.entries:
            self._turns.take(job)
        return job.recorded

    def read(self, *, subject: str | None = None, kind: str | None = None, start: int = 0) -> Iterator[Recorded]:
        """Yield entries in order, from ``start``, of one subject or kind or both; raise Tampered at an edited one."""
        places = self._fold.places(subject, kind, max(start, 0), self._size)
        found = self._reader.rows(places.start, places.stop) if isinstance(places, range) else self._reader.pick(places)
        return self._recorded(iter(places), found)

    def checkpoint(self, size: int | None = None) -> str:
        """Return the newest signed checkpoint, or that of exactly ``size`` entries; raise LookupError without one."""
        if size is None and self._note:
            return self._note
        wanted = self._size if size is None else size
        notes = self._reader.notes(wanted - 1, min(wanted, self._size))
        if not notes:
            msg = f"no checkpoint was signed at exactly {wanted} of {self._size} entries: ask for the newest one"
            raise LookupError(msg)
        if open_row(*notes[0], self._keys.open).root != self._fold.tree.root(wanted):
            msg = f"the checkpoint of {wanted} entries belongs to another history of this ledger. {REMEDY}"
            raise Tampered(msg)
        return str(notes[0][1])

    def inclusion(self, seq: int, size: int) -> tuple[bytes, ...]:
        """Return the RFC 6962 audit path of entry ``seq`` in the tree of the first ``size`` entries."""
        self._require(size)
        return self._fold.tree.inclusion(seq, size)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Return the RFC 6962 proof that the tree of ``new`` entries extends that of ``old``."""
        self._require(new)
        return self._fold.tree.consistency(old, new)

    def audit(self) -> Audit:
        """Read and hash every entry and open every checkpoint again; raise Tampered naming what was changed."""
        self.refresh()
        with contextlib.closing(Table(self._path, writable=False)) as table:  # so that others go on reading meanwhile
            result = audit(table, self._size, self._keys.open)
        if result.root != self._fold.tree.root(result.entries):
            msg = f"the entries were edited, with all hashes and checkpoints, since they were first read. {REMEDY}"
            raise Tampered(msg)
        return result

    def verify(self) -> int:
        """Do a full :meth:`audit` and return how many entries there are."""
        return self.audit().entries

    def _open(self, remembered: Checkpoint | None) -> None:
        self._fold = self._snapshot.load()
        try:
            self.refresh()
        except ValueError:
            # Read everything, to say which entry is at fault; the snapshot, signed as it is, still speaks against it.
            self._fold = Fold()
            self.refresh()
            raise
        if remembered:
            if remembered.size > self._size:
                raise Tampered(older(self._size, remembered.size))
            if remembered.root != self._fold.tree.root(remembered.size):
                msg = f"the database holds another history than the {remembered.size} entries seen here. {REMEDY}"
                raise Tampered(msg)
        if self._note:
            self._seen.keep(self._note, durable=True)
        if self._signer is not None:
            self._snapshot.keep(self._fold, self._signer, closing=True)

    def _remembered(self) -> Checkpoint | None:
        """Return the newest checkpoint seen here; only the file that waits for the disk must be sound."""
        durable, latest = self._seen.notes
        try:
            kept = self._keys.open(durable) if durable is not None else None
        except (ValueError, PermissionError) as error:
            msg = (
                f"the file that remembers what was seen of the ledger is damaged or not of this ledger ({error}): "
                "compare the ledger with a checkpoint that an auditor kept, then delete the file"
            )
            raise Tampered(msg) from None
        with contextlib.suppress(ValueError, PermissionError):
            newer = self._keys.open(latest or "")
            if kept is None or newer.size > kept.size:
                return newer
        return kept

    def _follow(self) -> None:
        start, note = self._fold.tree.size, catch_up(self._table, self._fold, self._note, self._keys.open)
        try:
            self._keys.confirm(note, self._fold, self._table)
        except BaseException:
            self._fold.forget(start)
            raise
        self._note, self._size = note, self._fold.tree.size

    def _require(self, size: int) -> None:
        if size > self._size:
            msg = f"no proof can be given in {size} entries: {self._size} are verified here"
            raise ValueError(msg)

    def _recorded(self, places: Iterator[int], found: Iterator[list[Row]]) -> Iterator[Recorded]:
        for rows in found:
            for row in rows:
                seq = next(places)
                if row[0] != seq:
                    raise Tampered(_lost(seq))
                if sound(row) != self._fold.tree.leaf(seq):
                    msg = f"entry {seq} of the ledger was edited, its bytes and its hash together. {REMEDY}"
                    raise Tampered(msg)
                yield Recorded(seq, Entry.from_bytes(row[1]), row[1])
        for seq in places:
            raise Tampered(_lost(seq))

    def _commit(self, jobs: list[Job]) -> None:
        """Append what all these jobs bring under one checkpoint; a job whose expectation is broken fails alone."""
        if self._unseen:
            self._seen.keep(self._note)
            self._unseen = False
        start = self._size
        try:
            with self._table.writing():
                self._follow()
                start = self._size
                rows = accept(jobs, self._fold)
                note = self._extend(rows) if rows else self._note
        except BaseException:
            self._fold.forget(start)
            raise
        self._size, self._note = self._fold.tree.size, note
        if rows:
            self._remember()
        for job in jobs:
            job.done = True

    def _extend(self, rows: list[Row]) -> str:
        """Insert rows and the checkpoint that covers them; return its note."""
        tree = self._fold.tree
        tree.extend([leaf for _, _, leaf in rows])
        point = Checkpoint(self._origin, tree.size, tree.root())
        note = sign_checkpoint(point, self._key, self._private.sign)
        self._table.insert(rows, point.size, note)
        self._keys.confirm(note, self._fold, self._table, self._key)
        return note

    def _remember(self) -> None:
        # The entries are on disk and will be acknowledged; where this file cannot be written, the next append refuses.
        try:
            self._seen.keep(self._note)
        except OSError:
            self._unseen = True
        self._snapshot.keep(self._fold, self._private)

    @property
    def _private(self) -> Signer:
        if self._signer is None:
            msg = "the ledger was opened for reading, without its private key: nothing can be appended"
            raise PermissionError(msg)
        return self._signer


def _lost(seq: int) -> str:
    return f"entry {seq} is missing from the ledger: a row was deleted. {REMEDY}"
