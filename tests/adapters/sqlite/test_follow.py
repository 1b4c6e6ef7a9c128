"""Two processes append to one ledger, and one of them is killed; tampering is tried in test_ledger."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from muster.adapters.signatures import verify
from muster.adapters.sqlite.fold import Fold
from muster.adapters.sqlite.follow import audit, catch_up, open_row
from muster.adapters.sqlite.table import Table
from muster.rules.note import Checkpoint, open_checkpoint

APPEND = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from conftest import KeyFile, Place, made
place = Place(Path({folder!r}), KeyFile.load(Path({folder!r}) / "ledger.pem"))
ledger = place.open()
for number in range({count}):
    print(ledger.append([made(number, {subject!r})])[0].seq, flush=True)
"""


def appending(place: Any, subject: str, count: int) -> subprocess.Popen[str]:
    program = APPEND.format(tests=str(Path(__file__).parent), folder=str(place.folder), subject=subject, count=count)
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)


def test_two_processes_append_without_losing_anything(place: Any) -> None:
    place.fill(1)
    both = [appending(place, subject, 40) for subject in ("left", "right")]
    said = [[int(line) for line in each.communicate()[0].split()] for each in both]
    assert sorted(said[0] + said[1]) == list(range(1, 81))
    ledger = place.open()
    assert ledger.verify() == 81
    for subject, seqs in zip(("left", "right"), said, strict=True):
        assert [recorded.seq for recorded in ledger.read(subject=subject)] == seqs


def test_what_was_acknowledged_outlives_the_process_that_is_killed(place: Any) -> None:
    place.fill(1)
    acknowledged = 0
    for attempt in range(3):
        process = appending(place, "loop", 1_000_000)
        assert process.stdout is not None
        for _ in range(15 + attempt):
            acknowledged = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        acknowledged = max([acknowledged, *map(int, process.communicate()[0].split("\n")[:-1])])
        with place.open() as ledger:
            assert ledger.size > acknowledged
            assert ledger.verify() == ledger.size
    assert acknowledged > 45


def opener(place: Any) -> Any:
    return lambda note: open_checkpoint(note, "muster.example/ledger", [place.key.key], verify)


def test_catching_up_reads_what_is_new_and_nothing_else(place: Any) -> None:
    place.fill(4, each=2)
    table, fold = Table(place.database, writable=False), Fold()
    note = catch_up(table, fold, "", opener(place))
    assert note.split("\n")[1] == "4"
    assert catch_up(table, fold, note, opener(place)) is note
    with place.open() as ledger:
        ledger.append([recorded.entry for recorded in ledger.read()])
    assert catch_up(table, fold, note, opener(place)).split("\n")[1] == "8"
    assert fold.tree.size == 8
    assert audit(table, 8, opener(place)).root == fold.tree.root()
    assert audit(table, 8, opener(place)).checkpoints == 3


def test_a_fold_that_is_refused_is_left_as_it_was(place: Any) -> None:
    place.fill(3)
    table, fold = Table(place.database, writable=False), Fold()
    note = catch_up(table, fold, "", opener(place))
    before = fold.dump()
    with place.open() as ledger:
        ledger.append([recorded.entry for recorded in ledger.read()])
    place.sql("UPDATE ledger SET leaf = zeroblob(32) WHERE seq = 5")
    with pytest.raises(ValueError, match="entry 5 of the ledger was edited"):
        catch_up(table, fold, note, opener(place))
    assert fold.dump() == before


def test_a_checkpoint_row_is_opened_or_named(place: Any) -> None:
    place.fill(2)
    row = place.sql("SELECT size, note FROM checkpoint WHERE size = 2")[0]
    assert isinstance(open_row(*row, opener(place)), Checkpoint)
    for bad in (None, 7, b"note", "", row[1].replace("\n2\n", "\n3\n")):
        with pytest.raises(ValueError, match="the checkpoint of 2 entries is not one of this ledger"):
            open_row(2, bad, opener(place))
