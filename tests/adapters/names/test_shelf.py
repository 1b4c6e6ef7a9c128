from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.adapters.names.made import NAMES, ORIGIN, TAKEN

from muster.adapters.names.build import Origin
from muster.adapters.names.shelf import CURRENT, KEPT, Shelf
from muster.columns.packages.listed import Listed
from muster.records.language.packages import Ecosystem

PYPI, NPM = Ecosystem.PYPI, Ecosystem.NPM


def _later(days: int) -> Origin:
    return replace(ORIGIN, taken_at=TAKEN + timedelta(days))


def test_the_newest_list_is_the_current_one_and_ecosystems_are_apart(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "packages")
    assert shelf.current(PYPI) is None
    assert shelf.kept(PYPI) == []
    first = shelf.put(ORIGIN, NAMES, serial=lambda: 31)
    assert first.manifest.serial == 31
    second = shelf.put(_later(1), [Listed("new")])
    found = shelf.current(PYPI)
    assert found is not None
    assert found.digest == second.digest != first.digest
    assert shelf.kept(PYPI) == [second.manifest, first.manifest]
    assert shelf.current(NPM) is None


def test_what_fails_on_the_way_changes_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[Listed]:
        yield Listed("a")
        msg = "it is cut off"
        raise ValueError(msg)

    shelf = Shelf(tmp_path)
    before = shelf.put(ORIGIN, NAMES)
    with pytest.raises(ValueError, match="it is cut off"):
        shelf.put(_later(1), broken())
    found = shelf.current(PYPI)
    assert found is not None
    assert found.digest == before.digest
    assert {path.name for path in (tmp_path / "pypi").iterdir()} == {".lock", CURRENT, before.digest[7:]}


def test_a_killed_writer_leaves_nothing_that_is_seen_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    script = f"""
import os, sys
from tests.adapters.names.made import ORIGIN
from muster.adapters.names.shelf import Shelf
from muster.columns.packages.listed import Listed
def names():
    yield Listed("a")
    os.kill(os.getpid(), 9)
from pathlib import Path
Shelf(Path({str(tmp_path)!r})).put(ORIGIN, names())
"""
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == -9
    shelf = Shelf(tmp_path)
    assert shelf.current(PYPI) is None
    assert len(list((tmp_path / "pypi").glob(".draft-*"))) == 1
    shelf.put(ORIGIN, NAMES)
    assert list((tmp_path / "pypi").glob(".draft-*")) == []


def test_the_same_list_may_be_put_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    first = shelf.put(ORIGIN, NAMES)
    assert shelf.put(ORIGIN, NAMES).digest == first.digest
    assert "requests" in first
    assert len(shelf.kept(PYPI)) == 1


def test_a_list_that_the_index_confirmed_is_of_the_later_moment(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    first = shelf.put(ORIGIN, NAMES)
    renewed = shelf.renew(first, TAKEN + timedelta(days=3))
    assert renewed.taken_at == TAKEN + timedelta(days=3)
    assert renewed.manifest.files == first.manifest.files
    assert renewed.digest != first.digest
    found = shelf.current(PYPI)
    assert found is not None
    assert found.rank("numpy") == 2


def test_old_lists_are_removed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for day in range(KEPT + 3):
        shelf.put(_later(day), [Listed(f"n{day}")])
    assert [manifest.taken_at for manifest in shelf.kept(PYPI)] == [
        TAKEN + timedelta(day) for day in reversed(range(3, KEPT + 3))
    ]


def test_a_list_that_is_not_what_was_put_there_is_refused(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    one, other = shelf.put(ORIGIN, NAMES), shelf.put(_later(1), NAMES)
    pointer = tmp_path / "pypi" / CURRENT
    (tmp_path / "pypi" / other.digest[7:]).rename(tmp_path / "aside")
    with pytest.raises(ValueError, match=r"the list of names in use is gone; take the list again, with muster"):
        shelf.current(PYPI)
    (tmp_path / "pypi" / one.digest[7:]).rename(tmp_path / "pypi" / other.digest[7:])
    with pytest.raises(ValueError, match="the list of names was altered"):
        shelf.current(PYPI)
    pointer.write_text("../../elsewhere")
    with pytest.raises(ValueError, match="no digest of a snapshot"):
        shelf.current(PYPI)
