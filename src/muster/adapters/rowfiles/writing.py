"""Writing: results into a file that is there whole or not at all, and that a killed process can go on with.

Parquet ends in its table of contents, so that what a killed process left of one is lost. Therefore each part is also
kept as Arrow IPC, beside the file that it is to become, until that is finished: whoever goes on writes it anew from
the parts, and adds the rest.
"""

from __future__ import annotations

import hashlib
import os
import queue
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from muster.adapters.rowfiles.forms import Form
from muster.adapters.rowfiles.sheet import flat, flattened

_AHEAD: Final = 4
"""Batches that may wait for the writer."""

_LZ4: Final = pa.ipc.IpcWriteOptions(compression="lz4")


class WholeFile:
    """A file that grows part by part.

    Parameters
    ----------
    path
        What it becomes.
    form
        How it is written.
    schema
        Of every batch.
    folder
        Where parts lie until then; it must be on the same disk as ``path``.
    """

    def __init__(self, path: Path, form: Form, schema: Any, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._schema = schema
        self._draft = folder / f"draft.{form.value}"
        self._made = _Behind(open_writer(self._draft, form, schema))
        self._part: tuple[Path, Any] | None = None
        self._parts = 0

    def replay(self, parts: Sequence[str]) -> None:
        """Take the parts that an earlier life finished, by their digests; raise ValueError if one is another."""
        for digest in parts:
            path = self._path_of(self._parts + 1)
            with path.open("rb") as file:
                if f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}" != digest:
                    msg = f"{path} is not what was written: remove {self._folder} and score the file anew"
                    raise ValueError(msg)
            with pa.memory_map(str(path)) as mapped:
                for batch in pa.ipc.open_stream(mapped):
                    self._made.write(batch)
            self._parts += 1

    def write(self, batch: Any) -> None:
        """Append rows; raise OSError if they cannot be kept."""
        if self._part is None:
            path = self._path_of(self._parts + 1)
            path.unlink(missing_ok=True)
            self._part = path, pa.ipc.new_stream(str(path), self._schema, options=_LZ4)
        self._part[1].write_batch(batch)
        self._made.write(batch)

    def part(self) -> str:
        """End the part, bring it to disk and return its digest; empty where nothing was written."""
        if self._part is None:
            return ""
        path, writer = self._part
        writer.close()
        self._part = None
        self._parts += 1
        with path.open("rb") as file:
            os.fsync(file.fileno())
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        sync(self._folder)
        return f"sha256:{digest}"

    def finish(self) -> None:
        """Put the file in its place, in one step, and remove the parts."""
        self._made.close()
        with self._draft.open("rb") as file:
            os.fsync(file.fileno())
        self._draft.replace(self._path)
        sync(self._path.parent)
        shutil.rmtree(self._folder)

    def abandon(self) -> None:
        """Let go; the parts stay."""
        if self._part is not None:
            self._part[1].close()
        self._made.abandon()
        self._draft.unlink(missing_ok=True)

    def _path_of(self, number: int) -> Path:
        return self._folder / f"{number:06d}.arrows"


class Piped:
    """Results on standard output, as they come."""

    def __init__(self, stream: Any, form: Form, schema: Any) -> None:
        if form is Form.PARQUET:
            msg = "Parquet cannot be written to a pipe: take csv or arrow (--output-format)"
            raise ValueError(msg)
        self._stream = stream
        self._writer = open_writer(stream, form, schema, piped=True)

    def write(self, batch: Any) -> None:
        """Write rows."""
        self._writer(batch)

    def replay(self, parts: Sequence[str]) -> None:
        """Nothing: no earlier life left anything."""

    def part(self) -> str:
        """Bring what was written to whoever reads; nothing is kept here."""
        self._stream.flush()
        return ""

    def finish(self) -> None:
        """End the stream."""
        self._writer(None)
        self._stream.flush()

    def abandon(self) -> None:
        """Leave the stream without its end, so that whoever reads it sees that it has none."""


class _Behind:
    """Writes in a thread of its own, a few batches behind; compressing must not hold up the scoring."""

    def __init__(self, write: Any) -> None:
        self._write = write
        self._queue: queue.Queue[Any] = queue.Queue(_AHEAD)
        self._failure: Exception | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="muster-output", daemon=True)
        self._thread.start()

    def write(self, batch: Any) -> None:
        """Hand over rows; raise what went wrong with earlier ones."""
        if self._failure is not None:
            raise self._failure
        self._queue.put(batch)

    def close(self) -> None:
        """End the file; raise what went wrong."""
        self._queue.put(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def abandon(self) -> None:
        """Stop without caring for the rest."""
        self._stopped = True
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            batch = self._queue.get()
            ended = batch is None
            if self._failure is None and not self._stopped:
                try:
                    self._write(batch)
                except Exception as error:  # noqa: BLE001 - told to whoever writes next
                    self._failure = error


def open_writer(target: Any, form: Form, schema: Any, *, piped: bool = False) -> Any:
    """Return what writes a batch, or ends the file where it is given None."""
    opened: Any = str(target) if isinstance(target, Path) else pa.PythonFile(target, "w")
    if form is Form.PARQUET:
        texts: Any = [field.name for field in schema if field.name != "decision_id"]
        parquet = pa.parquet.ParquetWriter(
            opened, schema, compression="zstd", compression_level=1, use_dictionary=texts
        )
        return lambda batch: parquet.close() if batch is None else parquet.write_batch(batch)
    if form is Form.CSV:
        text = pa.csv.CSVWriter(opened, flat(schema))
        return lambda batch: text.close() if batch is None else text.write_batch(flattened(batch))
    # Dictionaries change from batch to batch, which only a stream can hold.
    made = pa.ipc.new_stream if piped else pa.ipc.new_file
    plain = flat_names(schema)
    arrow = made(opened, plain)
    return lambda batch: arrow.close() if batch is None else arrow.write_batch(batch.cast(plain))


def flat_names(schema: Any) -> Any:
    """Return a schema without dictionaries."""
    plain = [f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in schema]
    return pa.schema(plain)


def sync(folder: Path) -> None:
    """Bring to disk what a folder lists."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
