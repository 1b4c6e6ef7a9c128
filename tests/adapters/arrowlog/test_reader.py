from __future__ import annotations

import base64
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.adapters.arrowlog.blocks import SOURCE, block

from muster.adapters.arrowlog.reader import SKEW, ArrowLogReader
from muster.adapters.arrowlog.schema import batch_of
from muster.adapters.arrowlog.segment import Segment
from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.adapters.vault.frames import FrameCipher
from muster.ports.log import FRAMED, Locked, Stream


def segment(folder: Path, number: int, *batches: tuple[int, int], ids: list[str] | None = None) -> Segment:
    made = Segment(folder, SOURCE, f"{number:020d}-abc-{number:06d}")
    for place, (start, size) in enumerate(batches):
        made.write(batch_of(SOURCE, [block(start, size)]), ids[place] if ids else f"{number}-{place}")
    return made


def read(folder: Path) -> list[int]:
    batches = ArrowLogReader(folder).batches("loans")
    return [int(value) for batch in batches for value in batch.column("decision_id").to_pylist()]


def test_segments_are_read_in_order_growing_ones_too(tmp_path: Path) -> None:
    segment(tmp_path, 2, (10, 2))
    segment(tmp_path, 1, (0, 3), (3, 1)).close()
    assert read(tmp_path) == [0, 1, 2, 3, 10, 11]
    assert ArrowLogReader(tmp_path).deployments() == ["loans"]


def test_a_torn_last_batch_is_left_out_and_the_rest_is_read_wherever_it_was_torn(tmp_path: Path) -> None:
    growing = segment(tmp_path, 1, (0, 3))
    kept = growing.size
    growing.write(batch_of(SOURCE, [block(3, 3)]), "1-1")
    (path,) = tmp_path.rglob("*.open")
    whole = path.read_bytes()
    for length in range(kept, len(whole), 97):
        path.write_bytes(whole[:length])
        assert read(tmp_path) == [0, 1, 2]
    path.write_bytes(whole[:kept] + bytes(len(whole) - kept))  # a file system that kept the length but not the bytes
    assert read(tmp_path) == [0, 1, 2]
    for length in (0, 1, 7, 100):
        path.write_bytes(whole[:length])
        assert read(tmp_path) == []
    path.write_bytes(whole)
    assert read(tmp_path) == [0, 1, 2, 3, 4, 5]


def test_a_batch_that_was_written_twice_is_read_once(tmp_path: Path) -> None:
    segment(tmp_path, 1, (0, 2), ids=["b-1"]).abandon()
    segment(tmp_path, 2, (0, 2), (2, 1), ids=["b-1", "b-2"]).close()
    assert read(tmp_path) == [0, 1, 2]


def test_a_closed_segment_that_was_cut_is_an_error_that_names_it(tmp_path: Path) -> None:
    made = segment(tmp_path, 1, (0, 3))
    cut = made.size
    made.write(batch_of(SOURCE, [block(3, 3)]), "1-1")
    made.close()
    (path,) = tmp_path.rglob("*.arrows")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match=f"{path.name} holds 3 rows, but was closed with 6"):
        read(tmp_path)


def test_what_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere") == []
    assert ArrowLogReader(tmp_path / "nowhere").deployments() == []
    assert list(ArrowLogReader(tmp_path).batches("loans", Stream.REFUSALS)) == []


def test_a_segment_that_is_closed_while_it_is_looked_for_is_found(tmp_path: Path) -> None:
    first, second = segment(tmp_path, 1, (0, 1)), segment(tmp_path, 2, (1, 1))
    batches = ArrowLogReader(tmp_path).batches("loans")
    assert next(batches).num_rows == 1
    second.close()
    first.close()
    assert [row for batch in batches for row in batch.column("decision_id").to_pylist()] == ["1"]


def test_closed_segments_are_listed_by_their_last_row_and_removed_as_a_whole(tmp_path: Path) -> None:
    for number in (1, 2):
        segment(tmp_path, number, (number * 10, 2)).close()
    segment(tmp_path, 3, (30, 1))
    reader = ArrowLogReader(tmp_path)
    second, first = sorted(tmp_path.rglob("*.arrows"), reverse=True)
    os.utime(second, (1_000, 1_000))
    os.utime(first, (2_000, 2_000))
    second.with_name(second.name + ".seal").write_text("a seal")
    listed = reader.segments()
    assert [found.until.timestamp() for found in listed] == [1_000, 2_000]
    reader.remove(listed[0].name)
    assert read(tmp_path) == [10, 11, 30]
    assert not list(tmp_path.rglob("*.seal"))
    with pytest.raises(KeyError, match="no closed segment"):
        reader.remove(listed[0].name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "d-loans/decisions/x.open", ""])
def test_nothing_else_can_be_removed(tmp_path: Path, name: str) -> None:
    segment(tmp_path, 1, (0, 1)).close()
    with pytest.raises(KeyError):
        ArrowLogReader(tmp_path).remove(name)
    assert read(tmp_path) == [0]


@pytest.fixture
def cipher(tmp_path: Path) -> FrameCipher:
    path = tmp_path / "keys"
    path.write_bytes(base64.b64encode(bytes(range(32))))
    path.chmod(0o600)
    return FrameCipher.load(path)


def test_what_a_key_seals_is_never_on_disk_as_it_is(tmp_path: Path, cipher: FrameCipher) -> None:
    folder = tmp_path / "log"
    log = ArrowLog(folder, Rolling(linger_s=0.0), cipher=cipher)
    for first in (100, 200):
        log.append(SOURCE, block(first, 10))
        log.flush()
    (growing,) = folder.rglob("*.open")
    assert growing.read_bytes().startswith(FRAMED)
    reader = ArrowLogReader(folder, cipher=cipher)
    assert sum(batch.num_rows for batch in reader.batches("loans")) == 20
    log.close()
    (closed,) = folder.rglob("*.arrows")
    assert b"clerk" not in closed.read_bytes()
    assert b"input.amount" not in closed.read_bytes()
    assert sum(batch.num_rows for batch in reader.batches("loans")) == 20
    (part,) = reader.parts()
    assert part.locked
    assert sum(batch.num_rows for _, batch in part.read()) == 20


def test_without_its_key_a_segment_is_locked_and_not_damaged(tmp_path: Path, cipher: FrameCipher) -> None:
    log = ArrowLog(tmp_path / "log", Rolling(linger_s=0.0), cipher=cipher)
    log.append(SOURCE, block(100, 10))
    log.close()
    with pytest.raises(Locked, match=r"is sealed with key [0-9a-f]{16}: give the file with it as setting"):
        list(ArrowLogReader(tmp_path / "log").batches("loans"))
    other = FrameCipher({"other": bytes(32)})
    with pytest.raises(Locked, match=r"sealed with key [0-9a-f]{16}, which is not among those"):
        list(ArrowLogReader(tmp_path / "log", cipher=other).batches("loans"))


@pytest.mark.parametrize("kept", [0.0, 0.02, 0.5, 0.9, 1.0])
def test_a_sealed_segment_that_was_torn_is_read_as_far_as_it_came(
    tmp_path: Path, cipher: FrameCipher, kept: float
) -> None:
    log = ArrowLog(tmp_path / "log", Rolling(linger_s=0.0), cipher=cipher)
    for first in (100, 200, 300):
        log.append(SOURCE, block(first, 10))
        log.flush()
    (growing,) = (tmp_path / "log").rglob("*.open")
    content = growing.read_bytes()
    copy = tmp_path / "copy" / growing.relative_to(tmp_path / "log")
    copy.parent.mkdir(parents=True)
    copy.write_bytes(content[: int(len(content) * kept)])
    log.close()
    rows = sum(batch.num_rows for batch in ArrowLogReader(tmp_path / "copy", cipher=cipher).batches("loans"))
    assert rows in (0, 10, 20, 30)
    assert rows == 30 or kept < 1


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def pieces(folder: Path, known: dict[str, str], since: datetime = LONG_AGO) -> list[int]:
    """Read what is new, remember it, and return the ids that were read."""
    found = []
    for piece in ArrowLogReader(folder).pieces("loans", Stream.DECISIONS, None, since, known):
        known[piece.name] = piece.mark
        found += [int(value) for _, batch in piece.read() for value in batch.column("decision_id").to_pylist()]
    return found


def test_only_what_grows_is_read_again(tmp_path: Path) -> None:
    known: dict[str, str] = {}
    segment(tmp_path, 1, (0, 2)).close()
    growing = segment(tmp_path, 2, (2, 1))
    assert pieces(tmp_path, known) == [0, 1, 2]
    assert pieces(tmp_path, known) == []
    growing.write(batch_of(SOURCE, [block(3, 1)]), "2-1")
    assert pieces(tmp_path, known) == [2, 3]
    growing.close()
    assert pieces(tmp_path, known) == [2, 3], "the last time, under the same name"
    assert (pieces(tmp_path, known), len(known)) == ([], 2)


def test_what_was_closed_long_before_is_not_read(tmp_path: Path) -> None:
    segment(tmp_path, 1, (0, 2)).close()
    segment(tmp_path, 2, (2, 2)).close()
    growing = segment(tmp_path, 3, (4, 1))
    old, _, open_ = sorted(tmp_path.rglob("*.*"))
    for path in (old, open_):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    since = datetime.fromtimestamp(old.stat().st_mtime, UTC) + SKEW
    assert pieces(tmp_path, {}, since) == [0, 1, 2, 3, 4], "clocks may differ"
    assert pieces(tmp_path, {}, since + timedelta(seconds=1)) == [2, 3, 4], "what grows may have rows whatever its date"
    growing.close()
