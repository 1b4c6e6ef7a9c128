"""Build: a snapshot out of names as they arrive, in bounded memory, beside its place and then moved there whole."""

from __future__ import annotations

import json
import os
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

import marisa_trie

from muster.adapters.names.column import encode_column
from muster.adapters.names.manifest import FILE, Manifest, digest_of_file
from muster.adapters.names.snapshot import DAY_ZERO, ENDING, NAMES, STATUSES
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import Status
from muster.records.language.packages import Ecosystem

TOLD_EVERY = 100_000
"""Names between two lines of progress."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where names come from, as the manifest says it."""

    ecosystem: Ecosystem
    complete: bool
    taken_at: datetime
    source: str
    index: str = ""


def write_snapshot(
    folder: Path,
    origin: Origin,
    names: Iterable[Listed],
    known: Iterable[Listed] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Write a snapshot into an empty folder.

    Parameters
    ----------
    names
        Taken once, as they arrive, and not kept.
    known
        What an earlier list knows, for names of which this one says nothing more than that they are there.

    Raises
    ------
    ValueError
        If there is no name at all.
    """
    facts = _Facts()
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder) as spool:
        trie = marisa_trie.Trie(_spooled(names, spool, progress))
        if not len(trie):
            msg = "not one name: a list of nothing would say of every package that it does not exist"
            raise ValueError(msg)
        progress(f"{len(trie):,} names, being written")
        facts.make_room(len(trie))
        for listed in known:
            facts.add(trie.get(listed.name, -1), listed)
        spool.seek(0)
        for listed in _read(spool):
            facts.add(trie[listed.name], listed)
    trie.save(str(folder / NAMES))
    for name, values in facts.columns().items():
        (folder / f"{name}{ENDING}").write_bytes(encode_column(values))
    manifest = Manifest(
        origin.ecosystem,
        origin.complete,
        origin.taken_at,
        len(trie),
        origin.source,
        {path.name: digest_of_file(path) for path in sorted(folder.iterdir())},
        tuple(facts.licences),
        origin.index,
    )
    return write_manifest(folder, manifest)


def write_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Write the manifest, which makes the folder a snapshot, and bring all of it to disk."""
    (folder / FILE).write_bytes(manifest.content)
    for path in folder.iterdir():
        sync(path)
    sync(folder)
    return manifest


def sync(path: Path) -> None:
    """Make a file, or a folder's list of files, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Facts:
    """Columns of what is known beside the names, by number of the name."""

    def __init__(self) -> None:
        self.licences: dict[str, int] = {}
        self._columns: dict[str, array[int]] = {}

    def make_room(self, count: int) -> None:
        """Set all to nothing."""
        widths = {"rank": "I", "first_upload": "H", "status": "B", "licence": "H"}
        self._columns = {name: array(code, bytes(array(code).itemsize * count)) for name, code in widths.items()}

    def add(self, number: int, listed: Listed) -> None:
        """Note what is known of the name with this number; of one that has none, nothing."""
        if number < 0:
            return
        days = (listed.first_upload - DAY_ZERO).days if listed.first_upload else 0
        licence = self.licences.setdefault(listed.licence, len(self.licences) + 1) if listed.licence else 0
        values = (listed.rank or 0, max(days, 0), STATUSES.index(listed.status), licence)
        for column, value in zip(self._columns.values(), values, strict=True):
            if value:
                column[number] = value

    def columns(self) -> Mapping[str, array[int]]:
        """Return those in which some name has a value."""
        return {name: values for name, values in self._columns.items() if any(values)}


def _spooled(names: Iterable[Listed], spool: IO[str], progress: Callable[[str], None]) -> Iterator[str]:
    """Yield the names, and keep what is known of any of them in a file until the names have their numbers."""
    for count, listed in enumerate(names, 1):
        if not listed.plain:
            day = listed.first_upload.isoformat() if listed.first_upload else ""
            spool.write(json.dumps([listed.name, listed.rank, day, listed.status.value, listed.licence]) + "\n")
        if not count % TOLD_EVERY:
            progress(f"{count:,} names")
        yield listed.name


def _read(spool: IO[str]) -> Iterator[Listed]:
    for line in spool:
        name, rank, day, status, licence = json.loads(line)
        yield Listed(name, rank, date.fromisoformat(day) if day else None, Status(status), licence)
