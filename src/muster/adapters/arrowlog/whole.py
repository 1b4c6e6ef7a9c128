"""Whole segments of a run over a file: written aside, and part of the log only once the run says that they count.

A gateway's segment grows where everybody reads it. A run over a file that is killed goes on where its checkpoint says,
so that nothing after it may be in the log: segments are drafts, which no reader knows, until the checkpoint that names
them is on disk; then they get their names and seals, and getting them twice changes nothing.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import pyarrow as pa

from muster.adapters.arrowlog.schema import CONSTANT, schema_of
from muster.adapters.arrowlog.sealing import SUFFIX, Sealer
from muster.adapters.arrowlog.segment import BATCH_ID, Closed, folder_of, make, sync
from muster.columns.encoding.arrays import array_of
from muster.columns.encoding.coded import Coded
from muster.ports.log import Frames, LogCipher, Source
from muster.records.logs.segments import Aside

_OPTIONS: Final = pa.ipc.IpcWriteOptions(compression="lz4")
_DRAFT: Final = ".draft"


class RunLog:
    """What one run over a file logs.

    Parameters
    ----------
    folder
        Folder of the log.
    run
        Hex digits that no other run has.
    sealer
        Signs each segment; None: the log is not signed.
    cipher
        Seals what comes to disk; None: it is there as it is.
    """

    def __init__(self, folder: Path, run: str, sealer: Sealer | None = None, cipher: LogCipher | None = None) -> None:
        self._folder = folder
        self._run = run
        self._sealer = sealer
        self._cipher = cipher
        self._open: dict[Source, _Draft] = {}
        self._batches = 0

    def start(self) -> None:
        """Make the folder, and seal what an earlier life left open; raise OSError, ValueError where that cannot be."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._sealer is not None:
            self._sealer.recover()

    def batch(self, source: Source, columns: Mapping[str, Any], size: int) -> pa.RecordBatch:
        """Return rows of a source as a record batch, columns as ``array_of`` takes them."""
        schema = schema_of(source)
        arrays = []
        for field in schema:
            one = (
                Coded((getattr(source, field.name),), np.zeros(size, np.int32))
                if field.name in CONSTANT
                else columns[field.name]
            )
            arrays.append(array_of(one, size, field.type))
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def write(self, source: Source, batch: Any, part: int) -> None:
        """Append a batch to this part's segment of a source; raise OSError if it cannot be kept."""
        if source not in self._open:
            name = f"{time.time_ns() // 1000:020d}-{self._run}-{part:06d}"
            frames = self._cipher.begin() if self._cipher else None
            self._open[source] = _Draft(folder_of(self._folder, source) / name, batch.schema, frames)
        self._batches += 1
        self._open[source].write(batch, f"{self._run}-{part}-{self._batches}")

    def part(self) -> list[Aside]:
        """End the segments of this part; they are on disk when this returns, and not part of the log."""
        made = []
        for draft in self._open.values():
            digest = draft.close()
            made.append(Aside(draft.path.relative_to(self._folder).as_posix(), digest, draft.rows))
        self._open.clear()
        return made

    def publish(self, segments: Sequence[Aside]) -> None:
        """Make segments part of the log, those that are not already; each is sealed once.

        Raises
        ------
        OSError
            If that cannot be done now; it can be tried again.
        """
        for each in segments:
            stem = self._folder / each.name
            grew, draft = stem.with_name(f"{stem.name}.open"), stem.with_name(f"{stem.name}{_DRAFT}")
            final = stem.with_name(f"{stem.name}.{each.rows}-rows.arrows")
            sealer = self._sealer
            if sealer is not None and not sealer.grows(grew) and not final.with_name(final.name + SUFFIX).exists():
                sealer.opened(grew)
            if draft.exists():
                draft.rename(final)
                sync(final.parent)
            if sealer is not None and sealer.grows(grew):
                sealer.closed(Closed(final, each.digest, each.rows), grew)

    def discard(self, kept: Sequence[Aside]) -> None:
        """Remove what an earlier life of this run wrote and did not come to count."""
        names = {each.name for each in kept}
        for path in self._folder.glob(f"d-*/*/*-{self._run}-*{_DRAFT}"):
            if path.relative_to(self._folder).as_posix().removesuffix(_DRAFT) not in names:
                path.unlink()

    def abandon(self) -> None:
        """Let go of what is not part of a checkpoint."""
        for draft in self._open.values():
            draft.abandon()
        self._open.clear()


class _Draft:
    def __init__(self, path: Path, schema: Any, frames: Frames | None) -> None:
        make(path.parent)
        self.path = path
        self.rows = 0
        self._file = path.with_name(path.name + _DRAFT)
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._sink = _Hashed(descriptor, frames)
        self._writer = pa.ipc.new_stream(pa.PythonFile(cast("Any", self._sink), "w"), schema, options=_OPTIONS)

    def write(self, batch: Any, batch_id: str) -> None:
        self._writer.write_batch(batch, {BATCH_ID: batch_id.encode()})
        self.rows += batch.num_rows

    def close(self) -> str:
        self._writer.close()
        self._sink.end()
        sync(self._file.parent)
        return f"sha256:{self._sink.hash.hexdigest()}"

    def abandon(self) -> None:
        self._sink.let_go()
        self._file.unlink(missing_ok=True)


class _Hashed:
    """A file that is hashed while it is written, for its seal; and sealed with a key before, if there is one."""

    closed = False

    def __init__(self, descriptor: int, frames: Frames | None) -> None:
        self._file = os.fdopen(descriptor, "wb", buffering=2**20)
        self.hash = hashlib.sha256()
        self._frames = frames
        if frames is not None:
            self._write(frames.head)

    def write(self, content: Any) -> int:
        """Write bytes, as pyarrow hands them over; return how many it took."""
        self._write(content if self._frames is None else self._frames.sealed(bytes(content)))
        return len(content)

    def _write(self, content: Any) -> None:
        self.hash.update(content)
        self._file.write(content)

    def flush(self) -> None:
        """Nothing: what counts is brought to disk in the end."""

    def end(self) -> None:
        """Bring the file to disk and close it."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self.let_go()

    def let_go(self) -> None:
        """Close the file."""
        self._file.close()
