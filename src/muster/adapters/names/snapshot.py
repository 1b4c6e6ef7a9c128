"""Snapshot: the names of an index at one moment, exact, mapped into memory, one million in four megabytes."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import marisa_trie

from muster.adapters.names.column import Column, read_column
from muster.adapters.names.manifest import Manifest, read_manifest, verify
from muster.adapters.names.near import Near
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import Status
from muster.records.language.packages import Ecosystem

NAMES = "names.marisa"
COLUMNS = ("rank", "first_upload", "status", "licence")
ENDING = ".column"
DAY_ZERO = date(1999, 12, 31)
"""Days of first upload count from here: before any package index."""
STATUSES = (Status.LISTED, Status.REMOVED, Status.QUARANTINED)
"""What the values of the column ``status`` stand for; a new one is added at the end."""
MOST_NEAR = 15_000
"""How many of the most used names others can be held against."""


class Snapshot:
    """A list of names (the protocol :class:`~muster.columns.packages.names.NameList`), read only.

    Parameters
    ----------
    folder
        Of the snapshot.
    manifest
        Its manifest, verified.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.digest = manifest.digest
        self.ecosystem: Ecosystem = manifest.ecosystem
        self.taken_at: datetime = manifest.taken_at
        self.complete: bool = manifest.complete
        self._names = read_trie(folder / NAMES, manifest.names)
        self._columns = {name: _column(folder, name, manifest) for name in COLUMNS}

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        """Open a snapshot and hold every file against its digest.

        Raises
        ------
        FileNotFoundError
            If there is none in this folder.
        ValueError
            If a file is missing, cut off or altered, or of a later version of muster.
        """
        manifest = read_manifest(folder)
        verify(folder, manifest)
        return cls(folder, manifest)

    def __contains__(self, name: str) -> bool:
        return _sound(name) and name in self._names

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.iterkeys())

    def rank(self, name: str) -> int | None:
        """Return the place among the most used, 1 first; None where it is not ranked."""
        return self._value("rank", name) or None

    def first_upload(self, name: str) -> datetime | None:
        """Return the day of the first upload, at its beginning in UTC; None where that is not known."""
        days = self._value("first_upload", name)
        day = DAY_ZERO + timedelta(days)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if days else None

    def status(self, name: str) -> Status:
        """Return what the index said of the name."""
        return STATUSES[self._value("status", name)]

    def licence(self, name: str) -> str:
        """Return the SPDX expression; empty where it is not known."""
        place = self._value("licence", name)
        return self.manifest.licences[place - 1] if place else ""

    def near(self, name: str, distance: int, popular: int) -> Sequence[str]:
        """Return other names among the most used within so many edits, most used first."""
        return self._near.find(name, distance, popular)

    def known(self) -> Iterator[Listed]:
        """Yield the names of which anything else is known, in the order of their numbers."""
        numbers = sorted({number for column in self._columns.values() for number, _ in column.items()})
        for number in numbers:
            name = self._names.restore_key(number)
            first = self.first_upload(name)
            yield Listed(name, self.rank(name), first.date() if first else None, self.status(name), self.licence(name))

    def ranked(self) -> list[str]:
        """Return the names that have a rank, most used first."""
        found = sorted((rank, number) for number, rank in self._columns["rank"].items())
        return [self._names.restore_key(number) for _, number in found]

    @cached_property
    def _near(self) -> Near:
        return Near(self.ranked()[:MOST_NEAR])

    def _value(self, column: str, name: str) -> int:
        number = self._names.get(name, -1) if _sound(name) else -1
        return 0 if number < 0 else self._columns[column].get(number)


def read_trie(path: Path, count: int) -> marisa_trie.Trie:
    """Map a file of names into memory; raise ValueError where it does not hold ``count`` names."""
    names = marisa_trie.Trie()
    try:
        names.mmap(str(path))
    except RuntimeError as error:
        msg = f"{path}: no list of names ({str(error).rpartition(': ')[2]}); take the list again"
        raise ValueError(msg) from None
    if len(names) != count:
        msg = f"{path}: {len(names):,} names, its manifest says {count:,}; take the list again"
        raise ValueError(msg)
    return names


def _column(folder: Path, name: str, manifest: Manifest) -> Column:
    file = name + ENDING
    if file not in manifest.files:
        return Column((), ())
    with (folder / file).open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    return read_column(memoryview(mapped), manifest.names, str(folder / file))


def _sound(name: str) -> bool:
    """Whether a name can be looked up: the store takes UTF-8, which has no half of a surrogate pair."""
    return name.isascii() or name.isprintable()
