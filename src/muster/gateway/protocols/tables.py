"""Tables in files that pandas writes, CSV and Parquet, read in bounded memory and without guessing at types."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import pyarrow as pa

from muster.records.data import Column, ColumnType

PARQUET_BYTES: Final = 2 * 2**20
"""Of a Parquet body; its pages may be compressed, and come to some twenty times as much."""

CODECS: Final = frozenset({"UNCOMPRESSED", "SNAPPY"})
"""Others can hold gigabytes in a few kilobytes."""

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}(?:\.0*)?")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


def read_csv(body: bytes, columns: Sequence[Column], most_rows: int) -> tuple[dict[str, list[Any]], int]:
    """Return columns by the names of the first line, and how many rows there are.

    An empty field is a missing value. Numbers are written as CSV of any tool has them, ``12.0`` is a whole number,
    ``67.5`` and ``true`` are none; a field of a column that the model does not take stays text.

    Raises
    ------
    ValueError
        If it is no such table; says the row and the column, never what stands there.
    OverflowError
        If it has too many rows.
    """
    readers = {column.name: _field_reader(column) for column in columns}
    try:
        lines = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        names = next(lines, [])
        rows = []
        for row in lines:
            if row:
                rows.append(row)
            if len(rows) > most_rows:
                msg = f"more than {most_rows} rows in one request: send several requests"
                raise OverflowError(msg)
    except (csv.Error, UnicodeDecodeError):
        msg = "the body is no CSV in UTF-8"
        raise ValueError(msg) from None
    if not rows or len(set(names)) != len(names):
        msg = "the CSV must begin with a line of names, each once, and have at least one row"
        raise ValueError(msg)
    if (odd := next((at for at, row in enumerate(rows) if len(row) != len(names)), None)) is not None:
        msg = f"row {odd} has {len(rows[odd])} fields, the first line has {len(names)}"
        raise ValueError(msg)
    listed = zip(names, zip(*rows, strict=True), strict=True)
    return {name: _fields(values, name, readers.get(name)) for name, values in listed}, len(rows)


def _field_reader(column: Column) -> Callable[[str], Any] | None:
    if column.type is ColumnType.CATEGORY:
        return None
    return _whole if column.type is ColumnType.INTEGER else _number


def _fields(values: Sequence[str], name: str, reader: Callable[[str], Any] | None) -> list[Any]:
    if reader is None:
        return [value or None for value in values]
    read = []
    for row, value in enumerate(values):
        try:
            read.append(reader(value) if value else None)
        except ValueError:
            msg = f"column {name}, row {row}: not {'a whole number' if reader is _whole else 'a number'}"
            raise ValueError(msg) from None
    return read


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return int(text.partition(".")[0])


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return float(text)


def read_parquet(body: bytes, most_rows: int, most_columns: int) -> tuple[dict[str, list[Any]], int]:
    """Return the columns of a Parquet file, and how many rows there are; a missing value and NaN are None.

    Raises
    ------
    ValueError
        If it is none, or holds what is no number, text or truth value.
    OverflowError
        If it is too large.
    """
    if len(body) > PARQUET_BYTES:
        msg = f"a Parquet body of more than {PARQUET_BYTES} bytes: send several requests, or CSV"
        raise OverflowError(msg)
    import pyarrow.parquet as pq  # noqa: PLC0415 - megabytes, which a gateway that is sent none does without

    try:
        file = pq.ParquetFile(pa.BufferReader(body))
        told = file.metadata
        if told.num_rows > most_rows or told.num_columns > most_columns or told.num_row_groups > most_rows:
            msg = f"more than {most_rows} rows or {most_columns} columns in one request: send several requests"
            raise OverflowError(msg)
        _require_plain(told, file.schema_arrow)
        texts = [field.name for field in file.schema_arrow if not _numeric(field.type)]
        # Each text is kept once, however many rows repeat it.
        table = pq.ParquetFile(pa.BufferReader(body), read_dictionary=texts).read(use_threads=False)
        table.validate(full=True)  # a broken file may point beyond its own texts
        return {name: _listed(table.column(name)) for name in table.column_names}, table.num_rows
    except (pa.ArrowException, OSError, UnicodeDecodeError, KeyError):
        msg = "the body is no Parquet file that can be read"
        raise ValueError(msg) from None


def _require_plain(told: Any, schema: pa.Schema) -> None:
    names = schema.names
    plain = all(_numeric(field.type) or _textual(field.type) for field in schema)
    if not plain or len(set(names)) != len(names) or len(names) != told.num_columns or told.num_rows < 1:
        msg = "the Parquet file must have rows, and columns of numbers and texts, each name once"
        raise ValueError(msg)
    codecs = {
        told.row_group(group).column(place).compression
        for group in range(told.num_row_groups)
        for place in range(told.num_columns)
    }
    if not codecs <= CODECS:
        msg = "the Parquet file is compressed in a way that is not taken: use snappy, or none"
        raise ValueError(msg)


def _numeric(kind: Any) -> bool:
    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind))


def _textual(kind: Any) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _listed(column: Any) -> list[Any]:
    values: list[Any] = []
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type):
            words = [*chunk.dictionary.to_pylist(), None]  # typed by place; the last one is for null
            values += [words[place] for place in chunk.indices.fill_null(len(words) - 1).to_pylist()]
        else:
            values += [None if value != value else value for value in chunk.to_pylist()]  # noqa: PLR0124 - NaN
    return values
