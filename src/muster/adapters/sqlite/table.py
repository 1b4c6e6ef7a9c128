"""The two tables and the SQL that touches them; every SQLite error leaves here as what it means to people."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

CHUNK: Final = 500
"""Rows read at a time: few enough to hold in memory whatever they contain, and below SQLite's limit of parameters."""

_PATIENCE: Final = 30.0
"""Seconds to wait for another process that is writing."""

_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS ledger(seq INTEGER PRIMARY KEY, entry BLOB NOT NULL, leaf BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS checkpoint(size INTEGER PRIMARY KEY, note TEXT NOT NULL)",
)

Row = tuple[int, Any, Any]
"""Place, entry and leaf as the database gives them: nothing about the types of the last two may be believed."""


class Table:
    """One connection to the database, to be used by one thread at a time: hold ``lock``."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.lock = threading.RLock()
        self._path = path
        if not writable and not path.exists():
            msg = f"{path}: there is no ledger here; give the path of one, or create a house with `muster init`"
            raise FileNotFoundError(msg)
        with told(path):
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={'rwc' if writable else 'ro'}",
                uri=True,
                timeout=_PATIENCE,
                isolation_level=None,
                check_same_thread=False,
            )
            if writable:
                self._prepare()
            self._connection.execute("SELECT count(*) FROM (SELECT 1 FROM ledger, checkpoint LIMIT 1)")

    def _prepare(self) -> None:
        # Each commit is on disk before it is acknowledged: with a write-ahead log FULL syncs it once a commit.
        self._connection.execute("PRAGMA synchronous = FULL")
        tables = self._connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0]
        mode = self._connection.execute("PRAGMA journal_mode").fetchone()[0]
        if tables and mode == "wal":
            return
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self.writing():
            for statement in _SCHEMA:
                self._connection.execute(statement)

    def close(self) -> None:
        """End the connection."""
        with self.lock:
            self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the database's write lock; commit at the end, or undo everything if anything fails."""
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one state of the database, whatever others append meanwhile."""
        with self._transaction("BEGIN"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self.lock, told(self._path):
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def ends(self) -> tuple[int, tuple[int, Any] | None]:
        """Return the number after the last entry's, and size and note of the newest checkpoint."""
        last = self._connection.execute("SELECT max(seq) FROM ledger").fetchone()[0]
        newest = self._connection.execute("SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1").fetchone()
        return (0 if last is None else last + 1), newest

    def insert(self, rows: Iterable[Row], size: int, note: str) -> None:
        """Add entries and the checkpoint that covers them."""
        self._connection.executemany("INSERT INTO ledger(seq, entry, leaf) VALUES (?, ?, ?)", rows)
        self._connection.execute("INSERT INTO checkpoint(size, note) VALUES (?, ?)", (size, note))

    def rows(self, start: int, stop: int) -> Iterator[list[Row]]:
        """Yield rows ``start`` to ``stop`` in order, some at a time; rows may be absent."""
        for low in range(start, stop, CHUNK):
            yield self._all(
                "SELECT seq, entry, leaf FROM ledger WHERE seq >= ? AND seq < ? ORDER BY seq",
                (low, min(low + CHUNK, stop)),
            )

    def pick(self, places: Sequence[int]) -> Iterator[list[Row]]:
        """Yield the rows at these places in order, some at a time; rows may be absent."""
        for low in range(0, len(places), CHUNK):
            some = places[low : low + CHUNK]
            marks = ",".join("?" * len(some))
            yield self._all(f"SELECT seq, entry, leaf FROM ledger WHERE seq IN ({marks}) ORDER BY seq", some)  # noqa: S608 - marks only

    def notes(self, above: int, upto: int) -> list[tuple[int, Any]]:
        """Return size and note of the checkpoints of more than ``above`` and at most ``upto`` entries."""
        return self._all("SELECT size, note FROM checkpoint WHERE size > ? AND size <= ? ORDER BY size", (above, upto))

    def holding(self, text: bytes) -> list[tuple[int, Any]]:
        """Return number and bytes of the entries that hold this text, looking through all of them."""
        return self._all("SELECT seq, entry FROM ledger WHERE instr(entry, ?) ORDER BY seq", (text,))

    def count(self, below: int) -> int:
        """Return how many entries have a number below this one, negative ones included."""
        return int(self._all("SELECT count(*) FROM ledger WHERE seq < ?", (below,))[0][0])

    def _all(self, query: str, values: Sequence[int | bytes]) -> list[Any]:
        with self.lock, told(self._path):
            return self._connection.execute(query, values).fetchall()


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into builtins that say what happened and what to do."""
    try:
        yield
    except sqlite3.Error as error:
        # Extended codes keep their family in the low byte (sqlite.org/rescode.html).
        raise _meaning(path, getattr(error, "sqlite_errorcode", 0) & 0xFF, str(error)) from error


def _meaning(path: Path, code: int, text: str) -> Exception:
    if code == sqlite3.SQLITE_FULL:
        return OSError(
            errno.ENOSPC, f"the disk is full, nothing was appended ({text}): free some space and try again", str(path)
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TimeoutError(
            errno.ETIMEDOUT, f"another process has been writing for {_PATIENCE:.0f} s: try again, or stop it", str(path)
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return PermissionError(errno.EACCES, f"the ledger may not be written by this user ({text})", str(path))
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT):
        return ValueError(
            f"{path}: not a muster ledger, or damaged ({text}): restore it from a copy and run `muster ledger verify`"
        )
    # SQLite needs room and leave for its side files even to read: a full or read-only disk shows up here, too.
    asked = "is the disk full, failing, or read-only for this user?"
    return OSError(errno.EIO, f"cannot be read or written, nothing was appended ({text}): {asked}", str(path))
