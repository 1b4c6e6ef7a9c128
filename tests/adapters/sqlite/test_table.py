import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from muster.adapters.sqlite.table import CHUNK, Table, told


@pytest.fixture
def table(tmp_path: Path) -> Table:
    made = Table(tmp_path / "ledger.sqlite", writable=True)
    with made.writing():
        made.insert([(seq, b"%d" % seq, bytes(32)) for seq in range(CHUNK + 3)], CHUNK + 3, "note")
    return made


def test_rows_come_in_order_and_in_pieces(table: Table) -> None:
    pieces = list(table.rows(1, CHUNK + 3))
    assert [len(piece) for piece in pieces] == [CHUNK, 2]
    assert [row[0] for piece in pieces for row in piece] == list(range(1, CHUNK + 3))
    assert [row[1] for piece in table.pick([7, 3, 9999]) for row in piece] == [b"3", b"7"]
    assert list(table.rows(5, 5)) == list(table.pick([])) == []
    assert table.ends() == (CHUNK + 3, (CHUNK + 3, "note"))
    assert table.notes(0, CHUNK + 3) == [(CHUNK + 3, "note")]
    assert table.notes(CHUNK + 3, 9999) == []
    assert table.count(10) == 10


def test_what_fails_halfway_is_undone(table: Table) -> None:
    before = table.ends()
    with pytest.raises(ZeroDivisionError), table.writing():
        table.insert(((9000 // step, b"", b"") for step in (1, 0)), 9001, "note")
    assert table.ends() == before
    with pytest.raises(ValueError, match="UNIQUE constraint failed"), table.writing():
        table.insert([(0, b"", b"")], 9001, "note")
    assert table.ends() == before


def test_commits_are_synced_and_logged_ahead(table: Table) -> None:
    assert table._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert table._connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    with Table(table._path, writable=True).writing():
        assert table.ends()[0] == CHUNK + 3


def test_a_reader_sees_one_state_and_cannot_write(table: Table) -> None:
    reader = Table(table._path, writable=False)
    with reader.reading():
        before = reader.ends()
        with table.writing():
            table.insert([(9000, b"", b"")], 9001, "note")
        assert reader.ends() == before
    assert reader.ends()[0] == 9001
    with pytest.raises(PermissionError, match="may not be written"), reader.writing():
        reader.insert([(9001, b"", b"")], 9002, "note")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (sqlite3.SQLITE_FULL, OSError, "free some space"),
        (sqlite3.SQLITE_BUSY, TimeoutError, "another process"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, TimeoutError, "another process"),
        (sqlite3.SQLITE_READONLY, PermissionError, "may not be written"),
        (sqlite3.SQLITE_NOTADB, ValueError, "not a muster ledger"),
        (sqlite3.SQLITE_IOERR_WRITE, OSError, "is the disk full"),
        (sqlite3.SQLITE_CANTOPEN, OSError, "cannot be read or written"),
    ],
)
def test_errors_say_what_to_do(code: int, kind: type[Exception], words: str) -> None:
    error = sqlite3.OperationalError("in SQLite's words")
    error.sqlite_errorcode = code
    with pytest.raises(kind, match=words) as caught, told(Path("ledger.sqlite")):
        raise error
    assert "ledger.sqlite" in str(caught.value)
    assert "SQLite's words" in str(caught.value) or kind is TimeoutError


FULL_DISK = """
import resource, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from conftest import KeyFile, Place, made
place = Place(Path({folder!r}), KeyFile.load(Path({folder!r}) / "ledger.pem"))
ledger = place.open()
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
done = 0
try:
    while True:
        done += len(ledger.append([made(number) for number in range(100)]))
except OSError as error:
    print(done, type(error).__name__, error)
"""


def test_a_limit_on_the_file_leaves_what_was_acknowledged(place: Any) -> None:
    """As on a full disk or beyond a quota: the operating system refuses to let the file grow."""
    place.fill(3)
    program = FULL_DISK.format(tests=str(Path(__file__).parent), folder=str(place.folder))
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    done, name, words = ran.stdout.split(" ", 2)
    assert name == "OSError"
    assert "nothing was appended" in words
    assert int(done) > 0
    assert place.open().verify() == 3 + int(done)
