"""Lists of package names, bound: opened for whoever judges, taken from an index or a file for whoever keeps them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from muster.adapters.names.build import Origin
from muster.adapters.names.imports import Imports
from muster.adapters.names.shelf import Shelf
from muster.adapters.names.snapshot import Snapshot
from muster.columns.packages.listed import Listed
from muster.columns.packages.names import Lists, Status
from muster.records.language.packages import Ecosystem
from muster.settings import Settings

if TYPE_CHECKING:
    from muster.adapters.names.manifest import Manifest

Progress = Callable[[str], None]
STARTERS = (Ecosystem.PYPI, Ecosystem.NPM)
"""Ecosystems of which a list ships with muster."""


@dataclass(frozen=True, slots=True)
class NamesTaken:
    """A list of names."""

    ecosystem: Ecosystem
    in_use: bool
    names: int
    complete: bool
    """Whether a name that is missing does not exist; otherwise it is unknown."""
    taken_at: datetime
    source: str
    """``index``, ``file``, or ``starter`` for what ships with muster."""
    index: str
    """SHA-256 of the address that it was taken from."""
    serial: int | None
    digest: str


def folder_of(settings: Settings) -> Path:
    """Return where lists are kept: what the setting ``packages`` says, or a place in the user's data folder."""
    if settings.packages:
        return settings.packages
    data = os.environ.get("XDG_DATA_HOME", "")  # a relative path there is to be ignored, says its specification
    return (Path(data) if Path(data).is_absolute() else Path.home() / ".local/share") / "muster/packages"


def open_lists(settings: Settings) -> Lists:
    """Open the lists in use, and the starter list of each ecosystem that has no other.

    Raises
    ------
    ValueError
        If a list is not what was put there: nothing is judged by it.
    """
    shelf = Shelf(folder_of(settings))
    names = {ecosystem: found for ecosystem in Ecosystem if (found := in_use(shelf, ecosystem))}
    return Lists(names, Imports(_shipped("imports"), names[Ecosystem.PYPI].rank))


def in_use(shelf: Shelf, ecosystem: Ecosystem) -> Snapshot | None:
    """Open the list of an ecosystem that is in use; None where there is none."""
    return shelf.current(ecosystem) or starter(ecosystem)


def readable(shelf: Shelf, ecosystem: Ecosystem) -> Snapshot | None:
    """Open the list that is in use, or where it is broken the starter list: for whoever is about to replace it."""
    try:
        return in_use(shelf, ecosystem)
    except ValueError:
        return starter(ecosystem)


def starter(ecosystem: Ecosystem) -> Snapshot | None:
    """Open the list that ships with muster; None where none does."""
    return Snapshot.open(_shipped(ecosystem.value)) if ecosystem in STARTERS else None


def taken(settings: Settings) -> tuple[NamesTaken, ...]:
    """Return all lists that are kept, by ecosystem, newest first, those that ship with muster after them."""
    shelf = Shelf(folder_of(settings))
    found: list[NamesTaken] = []
    for ecosystem in Ecosystem:
        used = in_use(shelf, ecosystem)
        digest = used.digest if used else ""
        found.extend(described(manifest, digest) for manifest in shelf.kept(ecosystem))
        if shipped := starter(ecosystem):
            found.append(described(shipped.manifest, digest))
    return tuple(found)


def described(manifest: Manifest, used: str) -> NamesTaken:
    """Return what people are shown of a list; ``used`` is the digest of the one in use."""
    return NamesTaken(
        manifest.ecosystem,
        manifest.digest == used,
        manifest.names,
        manifest.complete,
        manifest.taken_at,
        manifest.source,
        manifest.index,
        manifest.serial,
        manifest.digest,
    )


def bring(
    settings: Settings,
    path: Path,
    ecosystem: Ecosystem,
    progress: Progress,
    *,
    complete: bool = False,
    taken_at: datetime | None = None,
) -> NamesTaken:
    """Take names out of a file.

    Parameters
    ----------
    complete
        Whether the file has every name there is: it then takes the place of the list in use. Otherwise its names are
        added to that list, which stays as complete and as old as it was.
    taken_at
        When they were taken; by default when the file was last changed.

    Raises
    ------
    OSError
        If the file cannot be read, or the list not be kept.
    ValueError
        If the file is no list of names, with its line; or if its names would have been taken in the future.
    """
    from muster.adapters.packageindex.files import Brought

    shelf = Shelf(folder_of(settings))
    brought = Brought(path, ecosystem)
    moment = taken_at or brought.taken_at()
    if moment > datetime.now(UTC):  # noqa: TID251 - the real clock, against which files of this machine are dated
        msg = f"{path}: its names were taken at {moment:%Y-%m-%d %H:%M} UTC, in the future; say when with --taken-at"
        raise ValueError(msg)
    used = readable(shelf, ecosystem) if complete else in_use(shelf, ecosystem)
    names: Iterable[Listed] = brought.names()
    origin = Origin(ecosystem, complete, moment, "file")
    if used and not complete:
        names = chain(map(Listed, used), names)
        origin = Origin(ecosystem, used.complete, used.taken_at, "file", used.manifest.index)
    made = shelf.put(origin, names, lasting(used) if complete else known(used), progress=progress)
    return described(made.manifest, made.digest)


def known(used: Snapshot | None) -> Iterable[Listed]:
    """Return what the list in use knows beside names."""
    return used.known() if used else ()


def lasting(used: Snapshot | None) -> Iterator[Listed]:
    """Yield what stays true of names in a newer list: ranks and dates, but not what the index said of them then."""
    return (listed._replace(status=Status.LISTED) for listed in known(used))


def _shipped(name: str) -> Path:
    return Path(str(resources.files("muster"))) / "assets/packages" / name
