"""What somebody with access to the files may try, and what may go wrong; the contract itself is in tests/ports."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.adapters.sqlite.ledger import SqliteLedger
from muster.records.entry import Entry
from muster.records.trust import Algorithm
from muster.rules.merkle import leaf_hash
from muster.rules.note import Checkpoint, sign_checkpoint

Made = Callable[..., Entry]


def edited(raw: bytes, what: str) -> bytes:
    changes = {"actor": (b"alice", b"mally"), "at": (b"10:00:00", b"09:00:00"), "body": (b'"number":2', b'"number":9')}
    changed = raw.replace(*changes[what])
    assert changed != raw
    return changed


@pytest.mark.parametrize("what", ["actor", "at", "body"])
@pytest.mark.parametrize("both", [False, True])
def test_an_edited_entry_is_named_on_opening(place: Any, what: str, both: bool) -> None:
    place.fill(5)
    raw = edited(place.sql("SELECT entry FROM ledger WHERE seq = 2")[0][0], what)
    place.sql("UPDATE ledger SET entry = ? WHERE seq = 2", raw)
    if both:
        place.sql("UPDATE ledger SET leaf = ? WHERE seq = 2", leaf_hash(raw))
    with pytest.raises(ValueError, match=r"entry 2 of the ledger .*edited.*muster ledger verify"):
        place.open()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE ledger SET leaf = zeroblob(32) WHERE seq = 2", "entry 2 of the ledger was edited"),
        ("UPDATE ledger SET leaf = NULLIF(1, 2) WHERE 0", ""),
        ("UPDATE ledger SET entry = 'text' WHERE seq = 2", "entry 2 of the ledger was edited"),
        ("UPDATE ledger SET entry = 7, leaf = 7 WHERE seq = 2", "entry 2 of the ledger was edited"),
        ("UPDATE ledger SET seq = 9 WHERE seq = 2", "entry 5 of the ledger has no signed checkpoint"),
        ("UPDATE ledger SET seq = -1 WHERE seq = 0", "entry 0 is missing"),
        ("DELETE FROM ledger WHERE seq = 2", "entry 2 is missing"),
        ("DELETE FROM ledger WHERE seq = 4", "entry 4 is missing"),
        ("DELETE FROM ledger", "entry 0 is missing"),
        ("DELETE FROM checkpoint", "entry 0 of the ledger has no signed checkpoint"),
        ("DELETE FROM checkpoint WHERE size = 5", "entry 4 of the ledger has no signed checkpoint"),
        ("UPDATE checkpoint SET note = replace(note, 'ledger', 'Ledger') WHERE size = 5", "checkpoint of 5 entries"),
        ("UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 4) WHERE size = 5", "stands in the"),
        ("UPDATE checkpoint SET note = x'00' WHERE size = 5", "checkpoint of 5 entries is not one of this ledger"),
        ("UPDATE checkpoint SET size = 9 WHERE size = 5", "checkpoint of 5 entries stands in the ledger as one of 9"),
        ("INSERT INTO ledger SELECT 5, entry, leaf FROM ledger WHERE seq = 2", "entry 5 of the ledger has no signed"),
    ],
)
@pytest.mark.parametrize("reader", [False, True])
def test_a_tampered_database_is_refused(place: Any, statement: str, words: str, reader: bool) -> None:
    place.fill(5)
    place.sql(statement)
    if not words:
        assert place.open(reader=reader).size == 5, "what changes nothing is accepted"
        return
    with pytest.raises(ValueError, match=words):
        place.open(reader=reader)
    place.forget()
    with pytest.raises(ValueError, match=words):
        place.open(reader=reader)


def test_rows_swapped_with_their_hashes_are_found(place: Any) -> None:
    place.fill(6, each=3)
    place.sql("UPDATE ledger SET seq = -7 WHERE seq = 3")
    place.sql("UPDATE ledger SET seq = 3 WHERE seq = 4")
    place.sql("UPDATE ledger SET seq = 4 WHERE seq = -7")
    with pytest.raises(ValueError, match="one of the entries 3 to 5 of the ledger is not what was signed"):
        place.open()


def test_tampering_is_noticed_by_a_ledger_that_is_open(place: Any, entry: Made) -> None:
    place.fill(3)
    ledger = place.open()
    place.sql("INSERT INTO ledger SELECT 3, entry, leaf FROM ledger WHERE seq = 0")
    for act in (ledger.refresh, lambda: ledger.append([entry(9)])):
        with pytest.raises(ValueError, match="entry 3 of the ledger has no signed checkpoint"):
            act()
    place.sql("DELETE FROM ledger WHERE seq = 3")
    assert [recorded.seq for recorded in ledger.append([entry(9)])] == [3], "and it works again once that is undone"
    place.sql("UPDATE ledger SET entry = ?, leaf = ? WHERE seq = 1", b"{}", leaf_hash(b"{}"))
    place.sql("DELETE FROM ledger WHERE seq = 2")
    with pytest.raises(ValueError, match="entry 1 of the ledger was edited"):
        list(ledger.read())
    with pytest.raises(ValueError, match="entry 2 is missing"):
        list(ledger.read(subject="thing:2"))
    with pytest.raises(ValueError, match=r"entry 1 is no entry"):
        ledger.verify()


def test_a_full_check_finds_what_opening_trusted_a_snapshot_for(place: Any) -> None:
    place.fill(1500, each=500)
    raw = place.sql("SELECT entry FROM ledger WHERE seq = 700")[0][0].replace(b"alice", b"mally")
    place.sql("UPDATE ledger SET entry = ?, leaf = ? WHERE seq = 700", raw, leaf_hash(raw))
    ledger = place.open()
    with pytest.raises(ValueError, match="entry 700 of the ledger was edited"):
        list(ledger.read(start=700))
    with pytest.raises(ValueError, match="one of the entries 500 to 999"):
        ledger.verify()
    place.sql("INSERT INTO ledger SELECT -1, entry, leaf FROM ledger WHERE seq = 0")
    place.sql("UPDATE checkpoint SET note = 'x' WHERE size = 500")
    with pytest.raises(ValueError, match="number below 0"):
        ledger.verify()
    place.sql("DELETE FROM ledger WHERE seq < 0")
    with pytest.raises(ValueError, match="checkpoint of 500 entries"):
        ledger.verify()
    with pytest.raises(ValueError, match="checkpoint of 500 entries"):
        ledger.checkpoint(500)


def test_a_full_check_reports_what_it_read(place: Any) -> None:
    place.fill(10, each=3)
    ledger = place.open()
    result = ledger.audit()
    assert (result.entries, result.checkpoints) == (10, 4)
    assert ledger.checkpoint().split("\n")[1] == "10"
    assert result.root.hex() != bytes(32).hex()


def test_an_old_copy_of_the_database_is_refused(place: Any, entry: Made, tmp_path: Path) -> None:
    place.fill(3)
    shutil.copy(place.database, tmp_path / "old")
    if (child := os.fork()) == 0:
        place.open().append([entry(3)])
        os._exit(0)  # killed, so nothing is closed: what was seen was written with the commit
    os.waitpid(child, 0)
    assert place.sql("SELECT count(*) FROM ledger") == [(4,)]
    for file in tmp_path.glob("ledger.sqlite*"):
        file.unlink()
    shutil.copy(tmp_path / "old", place.database)
    latest = place.seen.with_name("ledger.latest")
    for _ in range(2):
        with pytest.raises(ValueError, match="old copy of the database was restored: it has 3 entries, and 4 were"):
            place.open()
        if latest.exists():  # once more, with the durable file alone
            latest.rename(place.seen)


def test_a_lost_or_emptied_database_is_refused(place: Any) -> None:
    place.fill(3)
    place.database.rename(place.folder / "elsewhere")
    with pytest.raises(FileNotFoundError, match="is gone, and it had 3 entries"):
        place.open()
    assert not place.database.exists(), "and no empty one is made in its place"
    sqlite3.connect(place.database).close()
    with pytest.raises(ValueError, match="it has 0 entries, and 3 were seen"):
        place.open()


def test_another_history_signed_by_the_same_key_is_refused(place: Any, entry: Made, tmp_path: Path) -> None:
    place.fill(3)
    shutil.copy(place.database, tmp_path / "fork")
    mine = place.open()
    mine.append([entry(3)])
    mine.close()
    place.database.rename(tmp_path / "mine")
    shutil.move(tmp_path / "fork", place.database)
    with place.open(seen=tmp_path / "other" / "seen") as forked:
        forked.append([entry(7), entry(8)])
    with pytest.raises(ValueError, match="another history than the 4 entries seen here"):
        place.open()


def test_a_damaged_memory_is_refused_and_a_damaged_latest_one_is_not_needed(place: Any) -> None:
    place.fill(3)
    place.seen.with_name("ledger.latest").write_bytes(b"\xff\x00")
    assert place.open().size == 3
    place.seen.write_text("")
    with pytest.raises(ValueError, match="compare the ledger with a checkpoint that an auditor kept"):
        place.open()


def test_a_database_signed_by_another_key_is_refused(place: Any, tmp_path: Path) -> None:
    place.fill(3)
    other = KeyFile.create(tmp_path / "other.pem", Algorithm.ED25519)
    with pytest.raises(ValueError, match="no trusted key has signed"):
        SqliteLedger(
            place.database,
            origin="muster.example/ledger",
            key=other.key,
            verify=verify,
            signer=None,
            seen=tmp_path / "s",
        )
    with pytest.raises(ValueError, match="give the right key file"):
        SqliteLedger(place.database, origin="x", key=other.key, verify=verify, signer=place.key, seen=tmp_path / "s")


@pytest.mark.parametrize(("origin", "kind"), [("two words", "ed25519"), ("a+b", "ed25519"), ("here", "ecdsa-p256")])
def test_a_name_or_key_that_cannot_sign_checkpoints_is_refused(tmp_path: Path, origin: str, kind: str) -> None:
    key = KeyFile.create(tmp_path / "key.pem", Algorithm(kind))
    with pytest.raises(ValueError, match="cannot name a key|signed with Ed25519"):
        SqliteLedger(tmp_path / "db", origin=origin, key=key.key, verify=verify, signer=key, seen=tmp_path / "seen")
    assert not (tmp_path / "db").exists()


def test_without_the_private_key_a_ledger_is_read_and_not_written(place: Any, entry: Made) -> None:
    with pytest.raises(FileNotFoundError, match="there is no ledger here"):
        place.open(reader=True)
    place.fill(3)
    reader = place.open(reader=True)
    assert reader.verify() == 3
    with pytest.raises(PermissionError, match="opened for reading"):
        reader.append([entry(3)])
    with place.open() as writer:
        writer.append([entry(3)])
    assert reader.refresh() == 4


def test_what_cannot_be_read_back_is_not_recorded(place: Any, entry: Made) -> None:
    ledger = place.open()
    bad = [
        Entry("", "thing:1", "alice", entry(0).at, {}),
        Entry("thing.done", "thing:1", "alice", entry(0).at, [1]),
        Entry(7, "thing:1", "alice", entry(0).at, {}),
        Entry("thing.done", "thing:1", "alice", entry(0).at.replace(year=999), {}),
        Entry("thing.done", "thing:1", "alice", entry(0).at.replace(tzinfo=None), {}),
        Entry("thing.done", "thing:1", "alice", entry(0).at, {"value": float("nan")}),
        Entry("thing.done", "thing:1", "alice", entry(0).at, {"value": 2**60}),
    ]
    for wrong in bad:
        with pytest.raises(ValueError, match="."):
            ledger.append([entry(0), wrong])
    assert ledger.refresh() == 0
    odd = Entry('q"uo\\te,"kind":"x"', 'ü ,"kind":"y","subject":"z"\n', "alice", entry(0).at, {})
    ledger.append([odd])
    assert next(place.open().read(kind=odd.kind, subject=odd.subject)).entry == odd


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to have a header" * 9, b"SQLite format 3\x00broken"]
)
def test_a_file_that_is_no_ledger_is_refused(place: Any, content: bytes) -> None:
    place.database.write_bytes(content)
    for reader in (True, False):
        with pytest.raises(ValueError, match="not a muster ledger, or damaged"):
            place.open(reader=reader)
    assert place.database.read_bytes() == content


def test_a_database_of_other_software_is_refused_for_reading(place: Any) -> None:
    place.sql("CREATE TABLE other(x)")
    with pytest.raises(ValueError, match="no such table: ledger"):
        place.open(reader=True)


def test_a_full_disk_leaves_the_ledger_as_it_was(place: Any, entry: Made) -> None:
    place.fill(3)
    ledger = place.open()
    pages = place.sql("PRAGMA page_count")[0][0]
    ledger._table._connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(OSError, match="the disk is full, nothing was appended"):
        ledger.append([entry(number) for number in range(2000)])
    assert ledger.size == 3
    ledger._table._connection.execute("PRAGMA max_page_count = 100000")
    ledger.append([entry(3)])
    assert ledger.verify() == place.open().verify() == 4


def test_where_memory_cannot_be_written_the_next_append_refuses(place: Any, entry: Made) -> None:
    ledger = place.open()
    ledger.append([entry(0)])
    latest = place.seen.with_name("ledger.latest")
    latest.unlink()
    latest.mkdir()
    ledger.append([entry(1)])  # on disk, so it is acknowledged
    with pytest.raises(OSError, match="ledger.latest"):
        ledger.append([entry(2)])
    latest.rmdir()
    ledger.append([entry(2)])
    assert ledger.verify() == 3


def test_a_broken_signature_chain_cannot_be_mended_without_the_key(place: Any, tmp_path: Path) -> None:
    """Somebody rewrites everything consistently, with a key of their own."""
    place.fill(3)
    forger = KeyFile.create(tmp_path / "forger.pem", Algorithm.ED25519)
    note = sign_checkpoint(Checkpoint("muster.example/ledger", 3, bytes(32)), forger.key, forger.sign)
    place.sql("UPDATE checkpoint SET note = ? WHERE size = 3", note)
    with pytest.raises(ValueError, match="no trusted key has signed"):
        place.open()
