"""Opening: Arrow IPC and CSV from files and pipes, batch by batch."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv

BLOCK: Final = 8 * 2**20
"""Bytes of a CSV that are read at a time."""

_MAGIC: Final = b"ARROW1"
_HEADER: Final = 2**20
"""Bytes that the first line of a CSV may have."""


def open_arrow(source: Any) -> tuple[Callable[[], Any], Any, int | None]:
    """Return what gives the next record batch, or raises StopIteration; the schema; and the rows, where they are told.

    A file may hold a stream; then it does not tell.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            whole = file.read(len(_MAGIC)) == _MAGIC
        mapped = pa.memory_map(str(source))
        if whole:
            reader = pa.ipc.open_file(mapped)
            rows = sum(reader.get_batch(number).num_rows for number in range(reader.num_record_batches))
            return iter(_each(reader)).__next__, reader.schema, rows
        source = mapped
    stream = pa.ipc.open_stream(source)
    return stream.read_next_batch, stream.schema, None


def open_csv(opened: Any) -> tuple[Callable[[], Any], Any]:
    """Return what gives the next record batch, all of text, and the schema; the first line names the columns."""
    head = opened.readline(_HEADER)
    try:
        names = next(csv.reader([head.decode("utf-8-sig")]), None)
    except (UnicodeDecodeError, csv.Error):
        names = None
    if not names:
        msg = "the first line of a CSV names its columns, in UTF-8"
        raise ValueError(msg)
    options = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    reading = pa.csv.ReadOptions(block_size=BLOCK, column_names=names)
    piped: Any = pa.PythonFile(opened, "r")
    reader = pa.csv.open_csv(piped, reading, convert_options=options)
    return reader.read_next_batch, reader.schema


def _each(reader: Any) -> Iterator[Any]:
    for number in range(reader.num_record_batches):
        yield reader.get_batch(number)
