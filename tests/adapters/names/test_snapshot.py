from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.adapters.names.made import NAMES, ORIGIN, TAKEN, made

from muster.adapters.names.manifest import FILE
from muster.adapters.names.snapshot import Snapshot
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import NameList, Status


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return made(tmp_path_factory.mktemp("names"))


def test_it_answers_what_was_listed(snapshot: Snapshot) -> None:
    names: NameList = snapshot
    assert [name in names for name in ("requests", "gone", "request", "", "requests\ud800")] == [
        True,
        True,
        *[False] * 3,
    ]
    assert (names.rank("requests"), names.rank("reqests"), names.rank("absent")) == (1, None, None)
    assert names.first_upload("requests") == datetime(2011, 2, 14, tzinfo=UTC)
    assert names.first_upload("numpy") is None
    assert names.status("evil") is Status.QUARANTINED
    assert names.status("gone") is Status.REMOVED
    assert names.status("absent") is Status.LISTED
    assert (names.licence("numpy"), names.licence("evil")) == ("BSD-3-Clause", "")
    assert list(names.near("reqests", 1, 100)) == ["requests"]
    assert list(names.near("reqests", 1, 0)) == []
    assert (names.complete, names.taken_at, names.ecosystem) == (True, TAKEN, ORIGIN.ecosystem)
    assert names.digest.startswith("sha256:")


def test_what_is_known_comes_out_again(snapshot: Snapshot) -> None:
    assert set(snapshot.known()) == {listed for listed in NAMES if not listed.plain}
    assert sorted(snapshot) == sorted(listed.name for listed in NAMES)
    assert snapshot.ranked() == ["requests", "numpy"]


@settings(max_examples=25)
@given(st.sets(st.text(min_size=1, max_size=9).filter(str.isprintable), min_size=1, max_size=40), st.text(max_size=9))
def test_a_name_is_there_exactly_if_it_was_listed(
    tmp_path_factory: pytest.TempPathFactory, names: set[str], other: str
) -> None:
    snapshot = made(tmp_path_factory.mktemp("any"), [Listed(name) for name in names])
    assert all(name in snapshot for name in names)
    assert (other in snapshot) == (other in names)
    assert len(snapshot) == len(names)


@pytest.mark.parametrize("file", ["names.marisa", "rank.column"])
def test_a_changed_byte_a_missing_file_and_a_folder_in_its_place_are_refused(tmp_path: Path, file: str) -> None:
    for number, change in enumerate(("alter", "remove", "folder")):
        folder = tmp_path / str(number)
        made(folder)
        path = folder / file
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.unlink()
        if change == "alter":
            path.write_bytes(content)
        elif change == "folder":
            path.mkdir()
        with pytest.raises(ValueError, match=rf"{file}: .*; take the list again"):
            Snapshot.open(folder)


def test_a_manifest_that_is_none_or_of_another_list_is_refused(tmp_path: Path) -> None:
    made(tmp_path / "one")
    manifest = tmp_path / "one" / FILE
    content = manifest.read_text()
    for wrong in ("", "{}", "[]", content + "\n", content.replace('"format":1', '"format":2'), content[:-1]):
        manifest.write_text(wrong)
        with pytest.raises(ValueError, match="no manifest of a list of names"):
            Snapshot.open(tmp_path / "one")
    manifest.write_text(content.replace('"names.marisa"', '"names/marisa"'))
    with pytest.raises(ValueError, match="it names a file elsewhere"):
        Snapshot.open(tmp_path / "one")
    manifest.write_text(content.replace('"names":5', '"names":6'))
    with pytest.raises(ValueError, match="5 names, its manifest says 6"):
        Snapshot.open(tmp_path / "one")
    manifest.unlink()
    with pytest.raises(FileNotFoundError):
        Snapshot.open(tmp_path / "one")


def test_a_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    snapshot = made(tmp_path / "one")
    (tmp_path / "one" / "names.marisa").write_bytes(b"x" * 1000)
    with pytest.raises(ValueError, match="no list of names"):
        Snapshot(tmp_path / "one", snapshot.manifest)


def test_a_list_stays_readable_after_its_folder_was_removed(tmp_path: Path) -> None:
    snapshot = made(tmp_path / "one")
    shutil.rmtree(tmp_path / "one")
    assert snapshot.rank("numpy") == 2
