from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.adapters.arrowlog.blocks import SOURCE, block

from muster.adapters.arrowlog.reader import ArrowLogReader
from muster.adapters.arrowlog.schema import batch_of
from muster.adapters.arrowlog.segment import Segment
from muster.ports.log import Stream


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
