"""A ledger in a folder, and the means to tamper with it."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.adapters.sqlite.ledger import SqliteLedger
from muster.records.entry import Entry
from muster.records.trust import Algorithm

ORIGIN = "muster.example/ledger"


def made(number: int, subject: str = "", kind: str = "thing.done") -> Entry:
    at = datetime(2026, 11, 23, 10, 0, 0, number, tzinfo=UTC)
    return Entry(kind, subject or f"thing:{number % 3}", "alice", at, {"number": number})


@dataclass
class Place:
    """Where a ledger lives: its database, its key and what was seen of it."""

    folder: Path
    key: KeyFile
    opened: list[SqliteLedger] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.folder / "ledger.sqlite"

    @property
    def seen(self) -> Path:
        return self.folder / "seen" / "ledger"

    def open(self, *, reader: bool = False, seen: Path | None = None) -> SqliteLedger:
        ledger = SqliteLedger(
            self.database,
            origin=ORIGIN,
            key=self.key.key,
            verify=verify,
            signer=None if reader else self.key,
            seen=seen or self.seen,
        )
        self.opened.append(ledger)
        return ledger

    def fill(self, count: int, each: int = 1) -> None:
        with self.open() as ledger:
            for start in range(0, count, each):
                ledger.append([made(number) for number in range(start, min(start + each, count))])

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.database, isolation_level=None)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def forget(self) -> None:
        """Take away what this installation has seen, as on a fresh machine."""
        for file in self.seen.parent.iterdir():
            file.unlink()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    there = Place(tmp_path, KeyFile.create(tmp_path / "ledger.pem", Algorithm.ED25519))
    yield there
    for ledger in there.opened:
        ledger.close()


@pytest.fixture
def entry() -> Callable[..., Entry]:
    return made
