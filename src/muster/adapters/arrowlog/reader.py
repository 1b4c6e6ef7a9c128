"""Reader of the log: the batches of a deployment, from segments that are closed, growing, or left by a dead writer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa

from muster.adapters.arrowlog.sealing import SUFFIX
from muster.adapters.arrowlog.segment import BATCH_ID, Place, decoded, encoded, plain, sync
from muster.ports.keys import Verify
from muster.ports.log import FRAMED, LogCipher, Part, Piece, Sealing, Stream
from muster.records.access.alert import Suspicious
from muster.records.canonical import digest
from muster.records.logs.segments import LoggedSegment
from muster.records.trust import KeyGrant
from muster.rules.witness.seals import CHANGED, OpenedSeal, SegmentSeal, open_seal, require_chains

SEALED_WITHIN_S = 60.0
"""Seconds within which a segment that was closed is sealed; until then it is left out."""

SKEW = timedelta(minutes=10)
"""How far clocks of those who write a log, and of its disk, may be off."""


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
        self._signers: tuple[KeyGrant, ...] = ()
        self._held: dict[str, OpenedSeal] = {}

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

    def pieces(
        self, deployment: str, stream: Stream, sealing: Sealing | None, since: datetime, known: Mapping[str, str]
    ) -> Iterator[Piece]:
        """Yield the segments of a deployment that may hold rows since a moment and are not known, oldest first.

        What was closed long enough before is left out: by what its seal says, or by the clock of its disk.
        """
        places = self._places(deployment, stream)
        sealed = self._sealed(places, deployment, stream, sealing) if sealing is not None else None
        for place in places:
            name, mark = _stem(self._name(place)), _mark(place)
            if known.get(name) == mark or self._closed_before(place, since - SKEW, sealed):
                continue
            if sealed is not None and not sealed.ready(place):
                continue
            yield Piece(name, mark, partial(self._whole, place, sealed))

    def _closed_before(self, place: Place, moment: datetime, sealed: _Sealed | None) -> bool:
        if sealed is not None:
            at = sealed.closed_at(place)
            return at is not None and at < moment
        if place.rows is None:
            return False
        return datetime.fromtimestamp(place.path.stat().st_mtime, UTC) < moment

    def _sealed(self, places: Sequence[Place], deployment: str, stream: Stream, sealing: Sealing) -> _Sealed:
        """Return what reads a segment's bytes and holds them against its seal; all seals are held against each other.

        The seals of all deployments count: one that was taken away shows in what is left of its gateway's chain.
        """
        if self._verify is None:
            msg = "this reader cannot verify seals: nothing can be read as sealed"
            raise PermissionError(msg)
        seals = require_chains(self._opened(sealing.signers, self._verify), sealing.removed)
        there = {self._name(place) for place in places}
        here = f"{encoded(deployment)}/{stream.value}/"
        if missing := sorted({name for name in seals if name.startswith(here)} - there - sealing.removed):
            msg = f"segment {missing[0]} of the log is sealed and not there: restore it from a copy"
            raise Suspicious(msg, CHANGED)

        return _Sealed(self._folder, seals)

    def _opened(self, signers: tuple[KeyGrant, ...], verify: Verify) -> list[OpenedSeal]:
        """Open the seals of all deployments; the text of one that held holds again, by the same keys."""
        if signers != self._signers:
            self._signers, self._held = signers, {}
        files = self._folder.glob(f"d-*/*/*{SUFFIX}") if self._folder.is_dir() else ()
        texts = [file.read_text(encoding="utf-8") for file in sorted(files)]
        had = self._held
        self._held = held = {text: had.get(text) or open_seal(text, signers, verify) for text in texts}
        return [held[text] for text in texts]

    def _whole(self, place: Place, sealed: _Sealed | None) -> list[tuple[bytes, pa.RecordBatch]]:
        """Return all batches of a segment with their ids; none where it is not sealed yet."""
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


class _Sealed:
    """Reads segments' bytes, and holds them against their seals."""

    def __init__(self, folder: Path, seals: Mapping[str, SegmentSeal]) -> None:
        self._folder = folder
        self._seals = seals

    def __call__(self, place: Place) -> bytes | None:
        """Return the bytes that were sealed; None of what grows still, or was closed just now and is not sealed yet."""
        if not self.ready(place):
            return None
        seal = self._seal(place)
        if seal is None:
            msg = f"segment {place.path} of the log is closed and carries no seal: who wrote it is not known"
            raise Suspicious(msg, CHANGED)
        content = place.path.read_bytes()
        if digest(content) != seal.digest or place.rows != seal.rows:
            msg = f"segment {place.path} of the log was altered since gateway {seal.gateway} sealed it"
            raise Suspicious(msg, CHANGED)
        return content

    def ready(self, place: Place) -> bool:
        """Tell whether a segment is closed, and sealed or late in being so."""
        if place.rows is None:
            return False
        return self._seal(place) is not None or time.time() - place.path.stat().st_mtime >= SEALED_WITHIN_S

    def closed_at(self, place: Place) -> datetime | None:
        """Return when a gateway says that it closed a segment; None where none does."""
        seal = self._seal(place)
        return None if seal is None else seal.closed_at

    def _seal(self, place: Place) -> SegmentSeal | None:
        return self._seals.get(place.path.relative_to(self._folder).as_posix())


def _stem(name: str) -> str:
    """Return what a segment is called while it grows and once it is closed."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/{file.partition('.')[0]}"


def _mark(place: Place) -> str:
    """Return what of a segment changes when there is more in it."""
    return "closed" if place.rows is not None else f"{_present(place.path).stat().st_size}"


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
