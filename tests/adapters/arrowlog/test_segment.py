from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pytest
from tests.adapters.arrowlog.blocks import SOURCE, block

from muster.adapters.arrowlog.schema import batch_of
from muster.adapters.arrowlog.segment import Place, Segment, decoded, encoded

NAME = f"{1:020d}-abc-000001"


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_segment_grows_under_one_name_and_is_closed_under_another(tmp_path: Path) -> None:
    segment = Segment(tmp_path, SOURCE, NAME)
    assert files(tmp_path) == []
    segment.write(batch_of(SOURCE, [block(0, 5)]), "b-1")
    assert files(tmp_path) == [f"{NAME}.open"]
    size = segment.size
    segment.write(batch_of(SOURCE, [block(5)]), "b-2")
    assert segment.size > size
    segment.close()
    assert files(tmp_path) == [f"{NAME}.6-rows.arrows"]


def test_any_arrow_reader_reads_it(tmp_path: Path) -> None:
    segment = Segment(tmp_path, SOURCE, NAME)
    segment.write(batch_of(SOURCE, [block(0, 5)]), "b-1")
    segment.close()
    (path,) = tmp_path.rglob("*.arrows")
    with pa.OSFile(str(path)) as file:
        assert pa.ipc.open_stream(file).read_all().num_rows == 5


def test_an_abandoned_segment_keeps_what_was_synced_or_vanishes(tmp_path: Path) -> None:
    segment = Segment(tmp_path, SOURCE, NAME)
    segment.write(batch_of(SOURCE, [block(0)]), "b-1")
    kept = segment.size
    segment.abandon()
    (path,) = tmp_path.rglob("*.open")
    assert path.stat().st_size == kept
    segment.abandon()
    empty = Segment(tmp_path, SOURCE, f"{2:020d}-abc-000002")
    empty.abandon()
    empty.close()
    assert files(tmp_path) == [path.name]


@pytest.mark.parametrize("name", ["loans", "../../etc", "a/b", "..", ".", "Kredit Österreich", "x" * 50])
def test_names_of_deployments_are_safe_and_come_back(name: str) -> None:
    folder = encoded(name)
    assert "/" not in folder
    assert folder not in (".", "..")
    assert decoded(folder) == name


def test_other_files_are_no_segments() -> None:
    assert Place.read(Path("notes.txt")) is None
    assert Place.read(Path(f"{NAME}.open")) == Place(Path(f"{NAME}.open"), None)
    assert Place.read(Path(f"{NAME}.12-rows.arrows")) == Place(Path(f"{NAME}.12-rows.arrows"), 12)


def test_what_is_written_is_brought_to_disk_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill leaves what the kernel holds; only a power cut would show that this is missing."""
    synced: list[str] = []
    real = os.fsync

    def sync(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "fdatasync", sync)
    segment = Segment(tmp_path, SOURCE, NAME)
    segment.write(batch_of(SOURCE, [block(0, 5)]), "b-1")
    assert synced[-1] == "decisions" or f"{NAME}.open" in synced
    synced.clear()
    segment.write(batch_of(SOURCE, [block(5)]), "b-2")
    assert synced == [f"{NAME}.open"]
    synced.clear()
    segment.close()
    assert "decisions" in synced  # the new name, too
