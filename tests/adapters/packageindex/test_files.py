from __future__ import annotations

import gzip
import os
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from muster.adapters.packageindex import files
from muster.adapters.packageindex.files import Brought
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import Status
from muster.records.language.packages import Ecosystem


def _read(path: Path, content: str | bytes, ecosystem: Ecosystem = Ecosystem.PYPI) -> list[Listed]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(Brought(path, ecosystem).names())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "names.txt"


def test_one_name_a_line(path: Path) -> None:
    assert _read(path, "\ufeff# ours\nNumPy\r\n\n zope.interface \n") == [Listed("numpy"), Listed("zope-interface")]
    assert _read(path, "name\nnumpy\n") == [Listed("numpy")]
    assert _read(path, "") == []


def test_tables_tell_what_their_titles_say_and_other_columns_are_passed_over(path: Path) -> None:
    table = (
        "name\tversion\trank_of_15000\tsummary\tfirst_upload\tstatus\tlicense\n"
        "NumPy\t2.0\t7\ttext\t2006-12-02T21:00:00Z\t\tBSD-3-Clause\n"
        "evil\t1\t\t\t\tquarantined\n"
    )
    assert _read(path, table) == [
        Listed("numpy", 7, date(2006, 12, 2), Status.LISTED, "BSD-3-Clause"),
        Listed("evil", status=Status.QUARANTINED),
    ]
    assert _read(path, "numpy\t7\nscipy\n") == [Listed("numpy", 7), Listed("scipy")]


def test_downloads_become_ranks_of_the_most_downloaded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "RANKED", 2)
    table = "name\tdownloads_a_month\na\t5\nb\t900\nc\t\nd\t70\n"
    assert _read(path, table, Ecosystem.NPM) == [Listed("a"), Listed("b", 1), Listed("c"), Listed("d", 2)]


def test_listings_of_an_index_are_known_by_their_beginning(path: Path) -> None:
    assert _read(path, '\n{"projects": [{"name": "A.b"}, {"name": "not a name"}]}') == [Listed("a-b")]
    assert _read(path, '["@a/b"]', Ecosystem.NPM) == [Listed("@a/b")]
    assert _read(path, "<!DOCTYPE html><a href='x/'>x</a>") == [Listed("x")]


def test_packed_files_and_wheels_are_opened(path: Path) -> None:
    assert _read(path, gzip.compress(b"a\nb\n")) == [Listed("a"), Listed("b")]
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(zipfile.ZipInfo("acme_names/names.tsv.gz", (2026, 11, 20, 6, 0, 0)), gzip.compress(b"a\t3\n"))
        wheel.writestr("acme_names-1.dist-info/RECORD.txt", "not a name, not looked at")
        wheel.writestr("acme_names/__init__.py", "")
    assert list(Brought(path, Ecosystem.PYPI).names()) == [Listed("a", 3)]
    assert Brought(path, Ecosystem.PYPI).taken_at() == datetime(2026, 11, 20, 6, tzinfo=UTC)


def test_a_file_is_as_old_as_its_last_change(path: Path) -> None:
    path.write_text("a")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert Brought(path, Ecosystem.PYPI).taken_at() == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"a\nb c\n", "line 2: 'b c' is no name of a package; write one name a line"),
        (b"a\tfirst\n", "line 1: 'first' is no rank"),
        (b"a\t-1\n", "line 1: '-1' is no rank"),
        (b"a\t5000000000\n", "is no rank"),
        (b"name\tfirst_upload\na\tyesterday\n", "line 2: Invalid isoformat string"),
        (b"name\tstatus\na\tgood\n", "line 2: 'good' is not a valid Status"),
        (b"a\n\xff\n", "line 2: not UTF-8"),
        (b"a" * 50_000, "line 1: more than 20,000 bytes"),
        (gzip.compress(b"a\n" * 5000, mtime=0)[:-20], "not whole"),
        (b"PK\x03\x04 nonsense", "not whole"),
        (b'{"projects": [', "cut off"),
        (b"\x80\x04\x95", "line 1: not UTF-8"),
    ],
)
def test_what_is_no_list_is_refused_with_its_place(path: Path, content: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=f"names.txt.*{what}"):
        _read(path, content)


def test_an_archive_must_hold_one_list(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__init__.py", "")
    with pytest.raises(ValueError, match="it should hold one list of names .*, there are: none"):
        list(Brought(path, Ecosystem.PYPI).names())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
        archive.writestr("b.json", "[]")
    with pytest.raises(ValueError, match=r"there are: a\.txt, b\.json"):
        list(Brought(path, Ecosystem.PYPI).names())
