"""Files of names that somebody brought: one name a line, a table with tabs, a listing of an index; also in a wheel."""

from __future__ import annotations

import gzip
import heapq
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

from muster.adapters.packageindex.listing import read_html, read_json
from muster.columns.packages.listed import Listed, valid
from muster.columns.packages.names import Status
from muster.records.language.packages import Ecosystem

RANKED = 15_000
"""How many get a rank where a table tells downloads: what fewer ask for counts as hardly used."""
LONGEST_LINE = 20_000
"""Bytes of a line; what is longer is no list of names."""
_PIECE = 2**16
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_KINDS = (".txt", ".tsv", ".json", ".html", ".gz")
_COLUMNS = {
    "name": ("name",),
    "rank": ("rank",),
    "downloads": ("downloads",),
    "first_upload": ("first_upload", "first upload", "created", "uploaded"),
    "status": ("status",),
    "licence": ("licence", "license"),
}
"""What a column is, by how its title begins."""
_HOW = "write one name a line, or a table with tabs whose first line says name, rank, first_upload, status, licence"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of names."""

    path: Path
    ecosystem: Ecosystem

    def taken_at(self) -> datetime:
        """Return when its names were taken, as far as the file tells: when it was last changed."""
        with self.path.open("rb") as file:
            if file.read(4) == _ZIP:
                with _archive(self.path) as archive:
                    return datetime(*_member(archive, self.path).date_time, tzinfo=UTC)
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    def names(self) -> Iterator[Listed]:
        """Yield the names as they are read.

        Raises
        ------
        OSError
            If the file cannot be read.
        ValueError
            With the line, and what should stand there.
        """
        with _opened(self.path) as file:
            start = _peek(file).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
            if start in (b"{", b"["):
                yield from _sound(read_json(_pieces(file), str(self.path)), self.ecosystem)
            elif start == b"<":
                yield from _sound(read_html(_pieces(file), str(self.path)), self.ecosystem)
            else:
                yield from self._lines(file)

    def _lines(self, file: IO[bytes]) -> Iterator[Listed]:
        numbered = self._rows(file)
        number, first = next(numbered, (0, [""]))
        columns = _columns(first)
        if "downloads" in columns and "rank" not in columns:
            ranks = self._ranks(columns["downloads"])
            yield from (self._listed(at, row, columns)._replace(rank=ranks.get(at)) for at, row in numbered)
            return
        if not columns:
            columns = {"name": 0, "rank": 1}
            if first != [""]:
                yield self._listed(number, first, columns)
        yield from (self._listed(at, row, columns) for at, row in numbered)

    def _rows(self, file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
        """Yield number and cells of each line that is neither empty nor a comment."""
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise self._fault(number, f"more than {LONGEST_LINE:,} bytes")
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise self._fault(number, f"not UTF-8 ({error.reason})") from None
            if text.strip() and not text.startswith("#"):
                yield number, text.split("\t")

    def _ranks(self, column: int) -> Mapping[int, int]:
        """Return the ranks of the most downloaded by line, in a reading of its own."""
        with _opened(self.path) as file:
            counted = ((self._whole(at, _cell(row, column)) or 0, -at) for at, row in _after_titles(self._rows(file)))
            most = heapq.nlargest(RANKED, (pair for pair in counted if pair[0]))
        return {-line: rank for rank, (_, line) in enumerate(most, 1)}

    def _listed(self, line: int, row: Sequence[str], columns: Mapping[str, int]) -> Listed:
        cells = {name: _cell(row, place) for name, place in columns.items()}
        try:
            name = valid(self.ecosystem, cells["name"])
            day = date.fromisoformat(cells["first_upload"][:10]) if cells.get("first_upload") else None
            status = Status(cells.get("status") or Status.LISTED)
        except ValueError as error:
            raise self._fault(line, str(error)) from None
        rank = self._whole(line, cells.get("rank", ""))
        return Listed(name, rank, day, status, cells.get("licence", "").strip()[:200])

    def _whole(self, line: int, text: str) -> int | None:
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or not 0 <= int(text) < 2**32:
            raise self._fault(line, f"{text[:80]!r} is no rank: a whole number, 1 for the most used")
        return int(text) or None

    def _fault(self, line: int, what: str) -> ValueError:
        return ValueError(f"{self.path}, line {line}: {what}; {_HOW}")


def _after_titles(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Return the rows after the first, which holds the titles."""
    next(rows, None)
    return rows


def _columns(titles: Sequence[str]) -> dict[str, int]:
    """Return the place of each column that is understood; nothing where the first line is no line of titles."""
    found: dict[str, int] = {}
    for place, title in enumerate(titles):
        for name, beginnings in _COLUMNS.items():
            if title.strip().lower().startswith(beginnings):
                found.setdefault(name, place)
    return found if titles[found.get("name", 0)].strip().lower() == "name" else {}


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _sound(names: Iterator[str], ecosystem: Ecosystem) -> Iterator[Listed]:
    """Yield the names that can be names; an index may list what nobody could install."""
    for name in names:
        try:
            yield Listed(valid(ecosystem, name))
        except ValueError:
            continue


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _peek(file: IO[bytes]) -> bytes:
    place = file.tell()
    start = file.read(1000)
    file.seek(place)
    return start


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, what is packed in it, or the one list in an archive."""
    with path.open("rb") as file:
        start = _peek(file)
        if not start.startswith(_ZIP):
            with _unpacked(file, start, path) as plain:
                yield plain
            return
    with (
        _archive(path) as archive,
        archive.open(_member(archive, path)) as member,
        _unpacked(member, _peek(member), path) as plain,
    ):
        yield plain


@contextmanager
def _unpacked(file: IO[bytes], start: bytes, path: Path) -> Iterator[IO[bytes]]:
    if not start.startswith(_GZIP):
        yield io.BufferedReader(file) if isinstance(file, io.RawIOBase) else file
        return
    try:
        with gzip.open(file) as plain:
            yield plain  # type: ignore[misc]
    except (EOFError, gzip.BadGzipFile) as error:
        msg = f"{path}: not whole ({error}); get it again"
        raise ValueError(msg) from None


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        msg = f"{path}: not whole ({error}); get it again"
        raise ValueError(msg) from None


def _member(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """Return the one list in an archive."""
    found = [
        member
        for member in archive.infolist()
        if member.filename.lower().endswith(_KINDS) and ".dist-info/" not in member.filename and not member.is_dir()
    ]
    if len(found) != 1:
        there = ", ".join(member.filename for member in found[:5]) or "none"
        msg = f"{path}: it should hold one list of names ({', '.join(_KINDS)}), there are: {there}"
        raise ValueError(msg)
    return found[0]
