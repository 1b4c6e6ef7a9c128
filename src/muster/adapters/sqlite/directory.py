"""Who the actors are in life, in one SQLite file beside the ledger's; what is erased leaves no bytes behind in it."""

from __future__ import annotations

import dataclasses
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from muster.adapters.sqlite.table import told
from muster.ports.clock import Clock
from muster.ports.directory import Person, Session
from muster.records.access.credentials import SignInBy
from muster.records.codec import moment, stamp

_PATIENCE: Final = 30.0
"""Seconds to wait for another process that is writing."""

_PERSON: Final = tuple(field.name for field in dataclasses.fields(Person))
_SESSION: Final = tuple(field.name for field in dataclasses.fields(Session))
_MOMENTS: Final = ("opened_at", "seen_at", "expires_at")

_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS person(actor TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS session(id TEXT PRIMARY KEY) WITHOUT ROWID",
)


class SqliteDirectory:
    """Fills the port Directory.

    Parameters
    ----------
    path
        The database; it is made where there is none, for its owner's eyes only.
    clock
        Tells which sessions have ended.

    Raises
    ------
    OSError
        Where the file cannot be read or written.
    ValueError
        Where it is no such database.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.RLock()
        path.touch(mode=0o600)
        with told(path):
            self._connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
            self._connection.row_factory = sqlite3.Row
            # Deleted content is overwritten with zeros, and no log of former pages outlives a commit.
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.execute("PRAGMA journal_mode = TRUNCATE")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA temp_store = MEMORY")
            self._prepare()

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            self._connection.close()

    def person(self, actor: str) -> Person | None:
        """Return what is known about an actor."""
        return next(iter(self._persons("WHERE actor = ?", actor)), None)

    def linked(self, issuer: str, issuer_subject: str) -> Person | None:
        """Return who signs in under this name at this identity provider."""
        if not issuer or not issuer_subject:
            return None
        return next(iter(self._persons("WHERE issuer = ? AND issuer_subject = ?", issuer, issuer_subject)), None)

    def persons(self) -> Sequence[Person]:
        """Return everybody, by actor."""
        return self._persons("ORDER BY actor")

    def keep(self, person: Person) -> None:
        """Add a person, or replace what was known."""
        with self._writing() as connection:
            _insert(connection, "person", dataclasses.asdict(person))

    def erase(self, actor: str) -> None:
        """Forget a person and their sessions: the pages that held them are overwritten, and the file is made anew."""
        with self._writing() as connection:
            connection.execute("DELETE FROM session WHERE actor = ?", (actor,))
            connection.execute("DELETE FROM person WHERE actor = ?", (actor,))
        with self._lock, told(self._path):
            self._connection.execute("VACUUM")  # parts of pages that were moved may hold what was deleted since

    def open_session(self, session: Session) -> None:
        """Keep a new session; those that have ended are forgotten."""
        fields = dataclasses.asdict(session)
        kept = {**fields, **{name: stamp(fields[name]) for name in _MOMENTS}, "roles": " ".join(session.roles)}
        with self._writing() as connection:
            connection.execute("DELETE FROM session WHERE expires_at <= ?", (stamp(self._clock()),))
            _insert(connection, "session", {**kept, "by": session.by.value})

    def session(self, digest: str) -> Session | None:
        """Return the session of a cookie, by the digest of its value; ended ones are not returned."""
        return next(iter(self._sessions("AND digest = ?", digest)), None)

    def sessions(self, actor: str = "") -> Sequence[Session]:
        """Return the open sessions, of one actor or of all."""
        if not actor:
            return self._sessions("ORDER BY opened_at")
        return self._sessions("AND actor = ? ORDER BY opened_at", actor)

    def touch(self, id: str, seen_at: datetime) -> None:  # noqa: A002 - the field's word
        """Note that a session was used."""
        with self._writing() as connection:
            connection.execute("UPDATE session SET seen_at = ? WHERE id = ?", (stamp(seen_at), id))

    def close_session(self, id: str) -> None:  # noqa: A002 - as above
        """End a session; nothing happens if it has ended."""
        with self._writing() as connection:
            connection.execute("DELETE FROM session WHERE id = ?", (id,))

    def _prepare(self) -> None:
        """Make the tables, and the columns that persons and sessions got since."""
        with self._writing() as connection:
            for statement in _SCHEMA:
                connection.execute(statement)
            for table, names in (("person", _PERSON), ("session", _SESSION)):
                there = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
                for name in names:
                    if name not in there:
                        connection.execute(f"ALTER TABLE {table} ADD COLUMN \"{name}\" TEXT NOT NULL DEFAULT ''")

    def _persons(self, where: str, *values: str) -> list[Person]:
        with self._lock, told(self._path):
            rows = self._connection.execute(f"SELECT * FROM person {where}", values)  # noqa: S608 - our own words
            found = rows.fetchall()
        return [Person(**{name: row[name] for name in _PERSON}) for row in found]

    def _sessions(self, where: str, *values: str) -> list[Session]:
        now = stamp(self._clock())
        with self._lock, told(self._path):
            asked = f"SELECT * FROM session WHERE expires_at > ? {where}"  # noqa: S608 - as above
            found = self._connection.execute(asked, (now, *values)).fetchall()
        return [_session({name: row[name] for name in _SESSION}) for row in found]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _insert(connection: sqlite3.Connection, table: str, fields: Mapping[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in fields)
    marks = ", ".join("?" for _ in fields)
    asked = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of fields of ours
    connection.execute(asked, tuple(fields.values()))


def _session(fields: dict[str, str]) -> Session:
    moments = {name: moment(fields[name]) for name in _MOMENTS}
    return Session(**{**fields, **moments, "by": SignInBy(fields["by"]), "roles": tuple(fields["roles"].split())})  # type: ignore[arg-type]
