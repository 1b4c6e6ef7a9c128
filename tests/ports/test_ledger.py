"""The contract of the port Ledger, which every adapter keeps."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.adapters.sqlite.ledger import SqliteLedger
from muster.ports.ledger import Conflict, Ledger
from muster.records.entry import Basis, Entry
from muster.records.trust import Algorithm
from muster.rules.merkle import leaf_hash, verify_consistency, verify_inclusion
from muster.rules.note import Checkpoint, open_checkpoint

Open = Callable[[], Ledger]


def made(number: int, subject: str = "thing:0", kind: str = "thing.done") -> Entry:
    return Entry(kind, subject, "alice", datetime(2026, 11, 23, tzinfo=UTC), {"number": number})


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    return KeyFile.create(tmp_path / "ledger.pem", Algorithm.ED25519)


@pytest.fixture(params=["sqlite"])
def open_ledger(tmp_path: Path, key: KeyFile) -> Iterator[Open]:
    """Open the same ledger as often as asked, as several processes would."""
    opened = []

    def again() -> Ledger:
        opened.append(
            SqliteLedger(tmp_path / "db", origin="here", key=key.key, verify=verify, signer=key, seen=tmp_path / "seen")
        )
        return opened[-1]

    yield again
    for ledger in opened:
        ledger.close()


def test_what_is_appended_is_read_back_in_order(open_ledger: Open) -> None:
    ledger = open_ledger()
    first = ledger.append([made(0), made(1)])
    second = ledger.append([made(2)])
    assert [recorded.seq for recorded in (*first, *second)] == [0, 1, 2]
    assert tuple(ledger.read()) == (*first, *second)
    assert tuple(open_ledger().read()) == (*first, *second)
    assert first[0].raw == made(0).to_bytes()
    assert ledger.size == 3
    assert ledger.append([]) == ()


def test_reading_selects_by_subject_kind_and_start(open_ledger: Open) -> None:
    ledger = open_ledger()
    rows = [("a", "x"), ("b", "x"), ("a", "y"), ("a", "x"), ("b", "y")]
    ledger.append([made(number, subject, kind) for number, (subject, kind) in enumerate(rows)])

    def found(**asked: str | int) -> list[int]:
        return [recorded.seq for recorded in ledger.read(**asked)]

    assert found(subject="a") == [0, 2, 3]
    assert found(kind="x") == [0, 1, 3]
    assert found(subject="a", kind="x") == [0, 3]
    assert found(subject="a", kind="x", start=1) == [3]
    assert found(start=3) == [3, 4]
    assert found(subject="none") == found(kind="none") == found(start=9) == []


def test_an_expectation_holds_for_its_subjects_only(open_ledger: Open) -> None:
    ledger, other = open_ledger(), open_ledger()
    ledger.append([made(0, "a"), made(1, "b")])
    basis = Basis(ledger.size, frozenset({"a"}))
    other.append([made(2, "b")])
    ledger.append([made(3, "c")], basis)
    other.append([made(4, "a")])
    with pytest.raises(Conflict, match="a changed since 2 entries were read"):
        ledger.append([made(5, "c")], basis)
    with pytest.raises(Conflict, match="the ledger changed"):
        ledger.append([made(5, "c")], Basis(4))
    assert [recorded.entry.body["number"] for recorded in ledger.read()] == [0, 1, 2, 3, 4]
    ledger.append([made(5, "a")], Basis(5))


def test_an_expectation_from_another_ledger_is_refused(open_ledger: Open) -> None:
    with pytest.raises(ValueError, match="it is another ledger"):
        open_ledger().append([made(0)], Basis(7))


def test_of_many_who_decide_on_the_same_state_one_wins(open_ledger: Open) -> None:
    """Two openings, as of two processes, with four threads each."""
    ledgers = [open_ledger(), open_ledger()]
    ledgers[0].append([made(0, "seat")])
    won, lost = [], []

    def decide(number: int) -> None:
        try:
            won.extend(ledgers[number % 2].append([made(number, "seat")], Basis(1, frozenset({"seat"}))))
        except Conflict:
            lost.append(number)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 7)
    assert ledgers[0].refresh() == ledgers[1].refresh() == 2


def test_what_others_appended_shows_after_refreshing(open_ledger: Open) -> None:
    mine, theirs = open_ledger(), open_ledger()
    theirs.append([made(0)])
    assert mine.size == 0
    assert list(mine.read()) == []
    assert mine.refresh() == 1
    assert mine.checkpoint() == theirs.checkpoint()


def test_checkpoints_and_proofs_convince_without_the_ledger(open_ledger: Open, key: KeyFile) -> None:
    ledger = open_ledger()
    points: list[Checkpoint] = []
    for start in (0, 3, 5, 12):
        ledger.append([made(number) for number in range(start, start + 3)])
        points.append(open_checkpoint(ledger.checkpoint(), "here", [key.key], verify))
    newest = points[-1]
    assert newest.size == ledger.size == 12
    for recorded in ledger.read():
        path = ledger.inclusion(recorded.seq, newest.size)
        assert verify_inclusion(leaf_hash(recorded.raw), recorded.seq, newest.size, path, newest.root)
    for point in points:
        proof = ledger.consistency(point.size, newest.size)
        assert verify_consistency(point.size, point.root, newest.size, newest.root, proof)
        assert open_checkpoint(ledger.checkpoint(point.size), "here", [key.key], verify) == point
    with pytest.raises(LookupError, match="no checkpoint was signed at exactly 4"):
        ledger.checkpoint(4)
    for ask in (lambda: ledger.inclusion(12, 13), lambda: ledger.consistency(0, 13), lambda: ledger.inclusion(5, 5)):
        with pytest.raises(ValueError, match="12"):
            ask()


def test_an_empty_ledger_has_nothing_to_show(open_ledger: Open) -> None:
    ledger = open_ledger()
    assert ledger.verify() == ledger.refresh() == ledger.size == 0
    with pytest.raises(LookupError, match="no checkpoint"):
        ledger.checkpoint()


def test_verifying_counts_every_entry(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.append([made(number) for number in range(7)])
    open_ledger().append([made(7)])
    assert ledger.verify() == 8
