"""Segment: one file of the log, an Arrow IPC stream of one source, written batch by batch and synced after each.

While it grows its name ends in ``.open``; closed, its name tells how many rows it holds, so that a reader can tell a
segment that was cut short from one whose writer was killed.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import pyarrow as pa

from muster.adapters.arrowlog.schema import schema_of
from muster.ports.log import FRAMED, Frames, Locked, LogCipher, Source

BATCH_ID = b"batch"
"""Key of a batch's metadata: the id by which a repeated batch is known."""

# One thread and the fast codec: a batch is small, and handing it round costs many times what packing it does. What is
# kept for years is packed again, and better, in the tables that closed segments go into.
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
_NAME = re.compile(r"(?P<start>\d{20})-(?P<replica>[0-9a-f]+)-(?P<number>\d{6})(\.(?P<rows>\d+)-rows\.arrows|\.open)")


@dataclass(frozen=True, slots=True)
class Closed:
    """A segment that was closed: its file, the digest of all its bytes, and its rows."""

    path: Path
    digest: str
    rows: int


class Segment:
    """One growing file. Any error leaves what was synced before readable; the caller goes on in a new segment.

    Parameters
    ----------
    folder
        Folder of the log.
    source
        Whose rows it holds.
    name
        What makes it unique: start in microseconds, replica and number.
    frames
        Seals every piece before it comes to disk; None: it is written as it is.
    """

    def __init__(self, folder: Path, source: Source, name: str, frames: Frames | None = None) -> None:
        self._path = folder_of(folder, source) / f"{name}.open"
        self._memory = io.BytesIO()  # holds what Arrow writes until one system call takes it to the file
        self._writer = pa.ipc.new_stream(pa.PythonFile(self._memory, "w"), schema_of(source), options=_OPTIONS)
        self._descriptor: int | None = None
        self._frames = frames
        self._kept = 0
        self._rows = 0
        self._hash = hashlib.sha256()
        self.born = time.monotonic()

    @property
    def path(self) -> Path:
        """Where it grows."""
        return self._path

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._kept

    def write(self, batch: pa.RecordBatch, batch_id: str) -> None:
        """Append a batch and bring it to disk; raise OSError if it cannot be kept."""
        self._writer.write_batch(batch, {BATCH_ID: batch_id.encode()})
        self._flush()
        self._rows += batch.num_rows

    def close(self) -> Closed | None:
        """End the stream and give the file its final name; None where there is no file."""
        if self._descriptor is None:
            return None
        self._writer.close()
        self._flush()
        os.close(self._descriptor)
        self._descriptor = None
        final = self._path.with_name(f"{self._path.stem}.{self._rows}-rows.arrows")
        self._path.rename(final)
        sync(final.parent)
        return Closed(final, f"sha256:{self._hash.hexdigest()}", self._rows)

    def abandon(self) -> None:
        """Cut off what was not synced and let go of the file; one without any batch is removed."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        with suppress(OSError):
            os.ftruncate(descriptor, self._kept)
        with suppress(OSError):
            os.close(descriptor)
        if not self._rows:
            with suppress(OSError):
                self._path.unlink()

    def _flush(self) -> None:
        if self._descriptor is None:
            make(self._path.parent)
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            sync(self._path.parent)
        pending = self._memory.getvalue()
        if self._frames is not None:
            pending = (b"" if self._kept else self._frames.head) + self._frames.sealed(pending)
        self._memory.seek(0)
        self._memory.truncate()
        self._hash.update(pending)
        while pending:
            pending = pending[os.write(self._descriptor, pending) :]
        os.fdatasync(self._descriptor)
        self._kept = os.fstat(self._descriptor).st_size


@dataclass(frozen=True, slots=True)
class Place:
    """A segment's file as its name tells it; ``rows`` is None while it grows, or if its writer died."""

    path: Path
    rows: int | None

    @classmethod
    def read(cls, path: Path) -> Place | None:
        """Read a file name; None where it is not a segment's."""
        parts = _NAME.fullmatch(path.name)
        return cls(path, int(parts["rows"]) if parts["rows"] else None) if parts else None


def plain(content: bytes, cipher: LogCipher | None, path: Path) -> bytes:
    """Return a segment's bytes as they were before they were sealed.

    Raises
    ------
    Locked
        If the key that opens it is not here; which one, the words say.
    ValueError
        If it was changed.
    """
    if not content.startswith(FRAMED):
        return content
    head, ended, _ = content.partition(b"\n")
    if not ended:
        return b""  # it was torn before anything was in it
    if cipher is None:
        name = head.removeprefix(FRAMED).partition(b" ")[0].decode("ascii", "replace")
        msg = (
            f"segment {path} of the log is sealed with key {name}: give the file with it as setting log_encryption_key"
        )
        raise Locked(msg)
    try:
        return cipher.open(content)
    except Locked as locked:
        msg = f"segment {path} of the log cannot be read: {locked}"
        raise Locked(msg) from None
    except ValueError as error:
        msg = f"segment {path} of the log cannot be read: {error}"
        raise ValueError(msg) from error


def folder_of(folder: Path, source: Source) -> Path:
    """Return where the segments of a source's deployment and stream are."""
    return folder / encoded(source.deployment) / source.stream.value


def encoded(deployment: str) -> str:
    """Write a deployment's name so that it is safe as the name of a folder."""
    return "d-" + quote(deployment, safe="")


def decoded(folder: str) -> str:
    """Read what :func:`encoded` wrote."""
    return unquote(folder.removeprefix("d-"))


def make(folder: Path) -> None:
    """Create a folder and those above it, so that they outlive a power cut."""
    if folder.is_dir():
        return
    make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync(folder.parent)


def sync(folder: Path) -> None:
    """Bring to disk what a folder lists."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
