"""Reader of the log: the batches of a deployment, from segments that are closed, growing, or left by a dead writer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa

from muster.adapters.arrowlog.sealing import SUFFIX
from muster.adapters.arrowlog.segment import BATCH_ID, Place, decoded, encoded, plain, sync
from muster.ports.keys import Verify
from muster.ports.log import FRAMED, LogCipher, LoggedSegment, Part, Sealing, Stream
from muster.records.access.alert import Suspicious
from muster.records.canonical import digest
from muster.rules.witness.seals import CHANGED, open_seal, require_chains

SEALED_WITHIN_S = 60.0
"""Seconds within which a segment that was closed is sealed; until then it is left out."""


class ArrowLogReader:
    """Reads what any number of gateways logged into one folder.

    Parameters
    ----------
    folder
        Folder of the log.
    verify
        Verifies signatures; without it nothing can be read as sealed.
    cipher
        Opens segments that need a key.
    """

    def __init__(self, folder: Path, verify: Verify | None = None, cipher: LogCipher | None = None) -> None:
        self._folder = folder
        self._verify = verify
        self._cipher = cipher

    def deployments(self) -> list[str]:
        """Return the deployments that have rows here."""
        folders = self._folder.glob("d-*") if self._folder.is_dir() else ()
        return sorted(decoded(folder.name) for folder in folders)

    def segments(self) -> list[LoggedSegment]:
        """Return the closed segments of all deployments, oldest first, by when each was last written to."""
        files = self._folder.glob("d-*/*/*") if self._folder.is_dir() else ()
        closed = [place for place in map(Place.read, files) if place is not None and place.rows is not None]
        dated = [(place.path.stat().st_mtime, self._name(place)) for place in closed]
        return [LoggedSegment(name, datetime.fromtimestamp(at, UTC)) for at, name in sorted(dated)]

    def remove(self, name: str) -> None:
        """Remove a closed segment and its seal; raise KeyError if absent, PermissionError where it may not be."""
        if name not in {segment.name for segment in self.segments()}:
            msg = f"no closed segment {name!r} is in {self._folder}"
            raise KeyError(msg)
        path = self._folder / name
        # The segment first: a seal without its segment is noticed, a segment without its seal would be strange.
        path.unlink()
        path.with_name(path.name + SUFFIX).unlink(missing_ok=True)
        sync(path.parent)

    def batches(
        self,
        deployment: str,
        stream: Stream = Stream.DECISIONS,
        sealing: Sealing | None = None,
        seen: set[bytes] | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Yield the record batches of a deployment, oldest segment first, repeats dropped.

        A last batch that is torn, because its writer was killed or is still writing it, was never acknowledged and is
        left out. With ``sealing``, only segments that are closed and sealed are read, from the bytes that were hashed.

        Raises
        ------
        Suspicious
            If a segment is unsealed, altered, missing, or out of its place.
        ValueError
            If a closed segment does not hold the rows that it was closed with.
        """
        seen = set() if seen is None else seen
        places = self._places(deployment, stream)
        sealed = self._sealed(places, deployment, stream, sealing) if sealing is not None else None
        for place in places:
            content = sealed(place) if sealed is not None else b""
            if content is not None:
                yield from _fresh(place, self._source(place, content if sealed is not None else None), seen)

    def parts(self, sealing: Sealing | None = None) -> Iterator[Part]:
        """Yield the closed segments of all deployments, oldest first in each, with what is in them."""
        for deployment, stream in product(self.deployments(), Stream):
            places = [place for place in self._places(deployment, stream) if place.rows is not None]
            sealed = self._sealed(places, deployment, stream, sealing) if sealing is not None else None
            for place in places:
                read = partial(self._whole, place, sealed)
                yield Part(self._name(place), deployment, stream, read, _locked(place))

    def _sealed(
        self, places: Sequence[Place], deployment: str, stream: Stream, sealing: Sealing
    ) -> Callable[[Place], bytes | None]:
        """Return what reads a segment's bytes and holds them against its seal; all seals are held against each other.

        It gives None for a segment that grows still, or was closed just now and is not sealed yet.

        The seals of all deployments count: one that was taken away shows in what is left of its gateway's chain.
        """
        if self._verify is None:
            msg = "this reader cannot verify seals: nothing can be read as sealed"
            raise PermissionError(msg)
        verify = self._verify
        files = self._folder.glob(f"d-*/*/*{SUFFIX}") if self._folder.is_dir() else ()
        opened = [open_seal(file.read_text(encoding="utf-8"), sealing.signers, verify) for file in sorted(files)]
        seals = require_chains(opened, sealing.removed)
        there = {self._name(place) for place in places}
        here = f"{encoded(deployment)}/{stream.value}/"
        if missing := sorted({name for name in seals if name.startswith(here)} - there - sealing.removed):
            msg = f"segment {missing[0]} of the log is sealed and not there: restore it from a copy"
            raise Suspicious(msg, CHANGED)

        def read(place: Place) -> bytes | None:
            """Return the bytes of a segment that are those that were sealed."""
            seal = seals.get(self._name(place))
            if place.rows is None or (seal is None and time.time() - place.path.stat().st_mtime < SEALED_WITHIN_S):
                return None
            if seal is None:
                msg = f"segment {place.path} of the log is closed and carries no seal: who wrote it is not known"
                raise Suspicious(msg, CHANGED)
            content = place.path.read_bytes()
            if digest(content) != seal.digest or place.rows != seal.rows:
                msg = f"segment {place.path} of the log was altered since gateway {seal.gateway} sealed it"
                raise Suspicious(msg, CHANGED)
            return content

        return read

    def _whole(
        self, place: Place, sealed: Callable[[Place], bytes | None] | None
    ) -> list[tuple[bytes, pa.RecordBatch]]:
        """Return all batches of a closed segment with their ids; none where it is not sealed yet."""
        content = sealed(place) if sealed is not None else b""
        if content is None:
            return []
        found = list(_read(self._source(place, content if sealed is not None else None)))
        _require_rows(place, sum(batch.num_rows for _, batch in found))
        return found

    def _source(self, place: Place, content: bytes | None) -> Any:
        """Open a segment's bytes, or its file where they are not given; None where it is empty."""
        if content is None and not _locked(place):
            return _mapped(place)
        found = _present(place.path).read_bytes() if content is None else content
        return pa.BufferReader(plain(found, self._cipher, place.path))

    def _name(self, place: Place) -> str:
        return place.path.relative_to(self._folder).as_posix()

    def _places(self, deployment: str, stream: Stream) -> list[Place]:
        folder = self._folder / encoded(deployment) / stream.value
        files = folder.iterdir() if folder.is_dir() else ()
        return sorted(filter(None, map(Place.read, files)), key=lambda place: place.path.name)


def _fresh(place: Place, source: Any, seen: set[bytes]) -> Iterator[pa.RecordBatch]:
    """Yield the batches of a segment that were not seen before; it must hold the rows that it was closed with."""
    rows = 0
    for batch_id, batch in _read(source):
        rows += batch.num_rows
        if batch_id not in seen:
            seen.add(batch_id)
            yield batch
    _require_rows(place, rows)


def _locked(place: Place) -> bool:
    """Tell whether a key is needed to read a segment."""
    with _present(place.path).open("rb") as file:
        return file.read(len(FRAMED)) == FRAMED


def _require_rows(place: Place, rows: int) -> None:
    if place.rows is not None and rows != place.rows:
        msg = f"segment {place.path} holds {rows} rows, but was closed with {place.rows}: restore it from a copy"
        raise ValueError(msg)


def _mapped(place: Place) -> Any:
    """Open a segment's file; None where it is empty: its writer has not come to the first batch."""
    try:
        return pa.memory_map(str(_present(place.path)))
    except ValueError:
        return None


def _read(source: Any) -> Iterator[tuple[bytes, pa.RecordBatch]]:
    """Yield batches with their ids, up to the first that cannot be read."""
    if source is None:
        return
    with source:
        try:
            reader = pa.ipc.open_stream(source)
            while True:
                found = reader.read_next_batch_with_custom_metadata()
                yield found.custom_metadata[BATCH_ID], found.batch
        except (StopIteration, pa.ArrowException, OSError):
            return


def _present(path: Path) -> Path:
    """Return where a segment is now: a growing one may have been closed since the folder was listed."""
    if path.exists():
        return path
    renamed = [found for found in path.parent.glob(f"{path.stem}.*") if found.suffix == ".arrows"]
    return renamed[0] if renamed else path
