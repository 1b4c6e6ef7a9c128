from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.adapters.names.made import NAMES, ORIGIN, made

from muster.adapters.names.build import write_snapshot
from muster.adapters.names.snapshot import Snapshot
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import Status
from muster.records.language.packages import Ecosystem


def test_the_same_names_make_the_same_digest_in_whatever_order_they_come(tmp_path: Path) -> None:
    shuffled = list(NAMES)
    random.Random(3).shuffle(shuffled)
    first, again = made(tmp_path / "a"), made(tmp_path / "b", shuffled + shuffled)
    assert first.digest == again.digest
    assert first.digest != made(tmp_path / "c", NAMES[:-1]).digest
    assert first.digest != made(tmp_path / "d", origin=replace(ORIGIN, complete=False)).digest


def test_nothing_known_means_no_file_for_it(tmp_path: Path) -> None:
    made(tmp_path, [Listed("a"), Listed("b", rank=1)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "names.marisa", "rank.column"]


def test_what_an_earlier_list_knew_is_taken_over_for_names_that_are_still_there(tmp_path: Path) -> None:
    earlier = [Listed("numpy", 1, date(2006, 12, 2)), Listed("old", 2), Listed("evil", status=Status.QUARANTINED)]
    write_snapshot(tmp_path, ORIGIN, [Listed("numpy", 7), Listed("evil")], earlier)
    assert set(Snapshot.open(tmp_path).known()) == {
        Listed("numpy", 7, date(2006, 12, 2)),
        Listed("evil", status=Status.QUARANTINED),
    }


def test_an_empty_list_is_refused_and_a_failing_source_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not one name"):
        write_snapshot(tmp_path, ORIGIN, [])

    def broken() -> Iterator[Listed]:
        yield Listed("a")
        msg = "index, character 7: it is cut off"
        raise ValueError(msg)

    with pytest.raises(ValueError, match="it is cut off"):
        write_snapshot(tmp_path, ORIGIN, broken())
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_as_names_arrive(tmp_path: Path) -> None:
    lines: list[str] = []
    origin = replace(ORIGIN, ecosystem=Ecosystem.NPM)
    write_snapshot(tmp_path, origin, (Listed(f"n{number}") for number in range(200_001)), progress=lines.append)
    assert lines == ["100,000 names", "200,000 names", "200,001 names, being written"]
