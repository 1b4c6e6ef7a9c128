"""Shelf: the folder in which snapshots are kept, one of each ecosystem current; a half-written one is never seen."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from muster.adapters.names.build import Origin, sync, write_manifest, write_snapshot
from muster.adapters.names.manifest import FILE, Manifest, read_manifest
from muster.adapters.names.snapshot import Snapshot
from muster.columns.packages.listed import Listed
from muster.records.language.packages import Ecosystem

CURRENT = "current"
"""File that holds the digest of the snapshot in use."""
KEPT = 8
"""Snapshots of one ecosystem; of those before, only what evidence says of them is left."""
_FOLDER = re.compile(r"[0-9a-f]{64}")
_DRAFT = ".draft-"


class Shelf:
    """Snapshots by ecosystem.

    Parameters
    ----------
    folder
        Made when the first is put there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self, ecosystem: Ecosystem) -> Snapshot | None:
        """Open the snapshot in use; None where there is none; raise ValueError where it is not what was put there."""
        place = self.folder / ecosystem.value
        try:
            digest = (place / CURRENT).read_text(encoding="ascii", errors="replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        name = digest.removeprefix("sha256:")
        again = "take the list again, with muster packages sync or import"
        if not _FOLDER.fullmatch(name):
            msg = f"{place / CURRENT}: no digest of a snapshot; {again}"
            raise ValueError(msg)
        try:
            snapshot = Snapshot.open(place / name)
        except FileNotFoundError:
            msg = f"{place / name}: the list of names in use is gone; {again}"
            raise ValueError(msg) from None
        if snapshot.digest != digest:
            msg = f"{place / name}: the list of names was altered; {again}"
            raise ValueError(msg)
        return snapshot

    def kept(self, ecosystem: Ecosystem) -> list[Manifest]:
        """Return the manifests of all snapshots, newest first; one that cannot be read is passed over."""
        found = []
        for folder in self._folders(ecosystem):
            with suppress(ValueError):
                found.append(read_manifest(folder))
        return sorted(found, key=lambda manifest: manifest.taken_at, reverse=True)

    def put(
        self,
        origin: Origin,
        names: Iterable[Listed],
        known: Iterable[Listed] = (),
        serial: Callable[[], int | None] = lambda: None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> Snapshot:
        """Write a snapshot and make it the current one; the arguments are those of :func:`write_snapshot`.

        Parameters
        ----------
        serial
            Asked once the names were read: what the index calls the state that was taken.
        """
        with self._draft(origin.ecosystem) as draft:
            manifest = write_snapshot(draft, origin, names, known, progress)
            if (number := serial()) is not None:
                manifest = write_manifest(draft, replace(manifest, serial=number))
            return self._shelve(draft, manifest)

    def renew(self, snapshot: Snapshot, taken_at: datetime) -> Snapshot:
        """Make the current snapshot one of a later moment, at which the index said that nothing had changed."""
        manifest = replace(snapshot.manifest, taken_at=taken_at)
        place = self.folder / snapshot.ecosystem.value
        with self._draft(snapshot.ecosystem) as draft:
            for name in manifest.files:
                shutil.copyfile(place / snapshot.digest.removeprefix("sha256:") / name, draft / name)
            return self._shelve(draft, write_manifest(draft, manifest))

    def _shelve(self, draft: Path, manifest: Manifest) -> Snapshot:
        target = draft.with_name(manifest.digest.removeprefix("sha256:"))
        if target.exists():
            shutil.rmtree(target)  # the same names of the same moment; whoever has it open keeps what is mapped
        draft.rename(target)
        replace_file(target.with_name(CURRENT), manifest.digest.encode() + b"\n")
        self._forget(manifest)
        return Snapshot.open(target)

    def _forget(self, current: Manifest) -> None:
        """Remove all but the newest snapshots."""
        place = self.folder / current.ecosystem.value
        others = [manifest for manifest in self.kept(current.ecosystem) if manifest != current]
        for manifest in others[KEPT - 1 :]:
            shutil.rmtree(place / manifest.digest.removeprefix("sha256:"))

    def _folders(self, ecosystem: Ecosystem) -> Iterator[Path]:
        place = self.folder / ecosystem.value
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if _FOLDER.fullmatch(path.name) and (path / FILE).is_file():
                yield path

    @contextmanager
    def _draft(self, ecosystem: Ecosystem) -> Iterator[Path]:
        """Give a folder to write in, one writer at a time; what is left in it afterwards is removed."""
        place = self.folder / ecosystem.value
        place.mkdir(parents=True, exist_ok=True)
        with (place / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in place.glob(f"{_DRAFT}*"):  # of a process that was killed
                shutil.rmtree(left, ignore_errors=True)
            draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=place))
            try:
                yield draft
            finally:
                shutil.rmtree(draft, ignore_errors=True)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old bytes or the new ones."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    sync(draft)
    draft.replace(path)
    sync(path.parent)
