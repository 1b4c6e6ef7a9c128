"""Tables: uploads in CSV or Parquet to Arrow, and Arrow to Parquet bytes that depend on nothing but the table."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from muster.columns.arrow import Floats, table_of

MOST_CELLS = 250_000_000
"""Rows times columns that are read, 2 GiB as numbers; a Parquet file of a few kilobytes can hold far more."""
MOST_TEXT = 2 * 2**30
"""Bytes of text that are read; a Parquet file of 300 bytes can hold gigabytes, by naming one long value often."""
MOST_COLUMNS = 10_000
ROW_GROUP = 131_072
"""Rows a row group of the Parquet files that are written here."""

_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet; save the sheet as CSV",
    b"\x1f\x8b": "compressed with gzip; unpack it",
    b"(\xb5/\xfd": "compressed with zstd; unpack it",
    b"ARROW1": "an Arrow file; save it as Parquet",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
    b"{": "JSON; save it as CSV or Parquet",
    b"<": "HTML or XML; save it as CSV or Parquet",
}
_MISSING = ["", "NA", "N/A", "NaN", "nan", "NULL", "null"]
_LEADING_ZERO = r"^[+-]?0[0-9]"
_EXACT_DIGITS = r"^[+-]?[0-9]{16,}$"
"""Whole numbers that a float64 may round; as identifiers they are text."""


def read_table(content: bytes, name: str) -> pa.Table:
    """Read an upload by what it is, whatever it is called.

    CSV must be UTF-8 with a header and commas. Column types are those of the whole file: whole numbers, numbers,
    ``true`` and ``false``, dates, else text; an empty cell, ``NA`` or ``null`` is missing. Digits that a number would
    lose (``02139``, or whole numbers beyond float64) keep their column text.

    Parameters
    ----------
    content
        The bytes of the file.
    name
        File name, for errors.

    Returns
    -------
    pyarrow.Table
        One plain value a cell, without metadata.

    Raises
    ------
    ValueError
        If it cannot be read, saying where and what to do. Errors never repeat values: they may describe people.
    """
    if not content:
        msg = f"{name}: the file is empty; upload a CSV file with a header, or Parquet"
        raise ValueError(msg)
    for start, what in _FOREIGN.items():
        if content.startswith(start):
            msg = f"{name}: this is {what}, then upload it again"
            raise ValueError(msg)
    table = _parquet(content, name) if content.startswith(b"PAR1") else _csv(content, name)
    if table.num_rows == 0:
        msg = f"{name}: there are columns but no rows"
        raise ValueError(msg)
    return plain(table, name)


def plain(table: pa.Table, name: str = "table") -> pa.Table:
    """Return the table with one plain value a cell, in one chunk a column, without metadata.

    Encodings are not content: dictionaries become their values. Lists and structs raise ValueError.
    """
    fields, columns = [], []
    for field, column in zip(table.schema, table.columns, strict=True):
        kind = _require_plain(field, name)
        fields.append(pa.field(field.name, kind))
        columns.append(column.cast(kind))
    return pa.table(columns, schema=pa.schema(fields)).combine_chunks()


def to_parquet(table: pa.Table) -> bytes:
    """Write a table as Parquet: equal tables give equal bytes with one release of the Arrow library.

    The settings are fixed, and neither chunks, nor encodings, nor metadata of the table leave a trace.
    """
    target = io.BytesIO()
    pq.write_table(
        plain(table_of(table)),
        target,
        row_group_size=ROW_GROUP,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        store_schema=False,
    )
    return target.getvalue()


def read_scores(content: bytes) -> Floats:
    """Read scores from a NumPy file: float64, shape (rows,); raise ValueError on anything else."""
    try:
        scores = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        msg = f"scores: not a NumPy file ({error}); the worker that wrote it failed"
        raise ValueError(msg) from None
    if not isinstance(scores, np.ndarray) or scores.dtype != np.float64 or scores.ndim != 1:
        msg = "scores: expected one float64 a row; the worker that wrote them failed"
        raise ValueError(msg)
    return scores


def from_parquet(content: bytes, name: str = "Parquet file") -> pa.Table:
    """Read what :func:`to_parquet` wrote; raise ValueError where the bytes are not Parquet."""
    return plain(_parquet(content, name), name)


def _require_plain(field: pa.Field[Any], name: str) -> pa.DataType:
    kind = _plain_type(field.type)
    if kind is None:
        msg = f"{name}: column {field.name!r} holds {field.type}; a cell is a number, text, a truth value or a date"
        raise ValueError(msg)
    return kind


def _plain_type(kind: pa.DataType) -> pa.DataType | None:
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if pa.types.is_null(kind):
        return pa.float64()
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_float16(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    return kind if pa.types.is_primitive(kind) or pa.types.is_string(kind) else None


def _parquet(content: bytes, name: str) -> pa.Table:
    with _undamaged(name):
        file = pq.ParquetFile(pa.BufferReader(content))
    _refuse_size(file.metadata.num_rows, file.metadata.num_columns, name)
    with _undamaged(name):
        schema = file.schema_arrow
    for field in schema:
        _require_plain(field, name)
    _refuse_text(content, [field.name for field in schema if _is_text(field.type)], name)
    with _undamaged(name):
        table = file.read()
    try:
        return table_of(table)
    except ValueError as fault:
        msg = f"{name}: {fault}"
        raise ValueError(msg) from None


def _refuse_size(rows: int, columns: int, name: str) -> None:
    if columns > MOST_COLUMNS:
        msg = f"{name}: {columns:,} columns, at most {MOST_COLUMNS:,} are read; leave out those that nobody uses"
        raise ValueError(msg)
    if rows * max(columns, 1) > MOST_CELLS:
        msg = f"{name}: {rows * columns:,} cells, at most {MOST_CELLS:,} are read; split it"
        raise ValueError(msg)


def _refuse_text(content: bytes, names: list[str], name: str) -> None:
    """Add up how long all texts are before any is written out: read as dictionaries, each value stands there once."""
    total = 0
    for column in dict.fromkeys(names):
        with _undamaged(name):
            file = pq.ParquetFile(pa.BufferReader(content), read_dictionary=[column])
            for batch in file.iter_batches(columns=[column]):
                for values in batch.columns:
                    total += _length(values)
                if total > MOST_TEXT:
                    break
        if total > MOST_TEXT:
            msg = f"{name}: more than {MOST_TEXT:,} bytes of text in and before column {column!r}; split it"
            raise ValueError(msg)


def _length(values: Any) -> int:
    if not pa.types.is_dictionary(values.type):
        return int(values.nbytes)
    lengths: Any = pc.binary_length(values.dictionary)
    return int(pc.sum(pc.cast(lengths, pa.int64()).take(values.indices)).as_py() or 0)


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


@contextmanager
def _undamaged(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as fault:
        msg = f"{name}: damaged Parquet file ({str(fault).splitlines()[0]}); write it again from its source"
        raise ValueError(msg) from None


def _csv(content: bytes, name: str) -> pa.Table:
    _refuse_bytes(content, name)
    _refuse_size(0, content.partition(b"\n")[0].count(b",") + 1, name)
    typed = _parsed(content, name, {})
    _refuse_header(typed.column_names, name)
    numbers = [field.name for field in typed.schema if _is_number(field.type)]
    if not numbers:
        return typed
    written = _parsed(content, name, dict.fromkeys(numbers, pa.string()))
    for column in numbers:
        if _loses_digits(typed.column(column), written.column(column)):
            typed = typed.set_column(typed.column_names.index(column), column, written.column(column))
    return typed


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def _loses_digits(numbers: pa.ChunkedArray[Any], written: pa.ChunkedArray[Any]) -> bool:
    pattern = _LEADING_ZERO if pa.types.is_integer(numbers.type) else _EXACT_DIGITS
    return bool(pc.any(pc.match_substring_regex(written, pattern)).as_py())


def _refuse_bytes(content: bytes, name: str) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        msg = f"{name}, line {_line(content, fault.start)}: not UTF-8 text; save the file as UTF-8, or upload Parquet"
        raise ValueError(msg) from None
    if (place := content.find(b"\0")) >= 0:
        msg = f"{name}, line {_line(content, place)}: a zero byte; this is not a CSV file"
        raise ValueError(msg)
    if content.count(b'"') % 2:
        line = _line(content, content.rfind(b'"'))
        msg = f"{name}, line {line}: a quotation mark without its partner; close or double it"
        raise ValueError(msg)


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _refuse_header(names: list[str], name: str) -> None:
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        msg = f"{name}, line 1: one column {names[0][:40]!r}; divide columns with commas"
        raise ValueError(msg)
    seen = set[str]()
    for place, column in enumerate(names, 1):
        if not column.strip():
            msg = f"{name}, line 1: column {place} has no name; every column needs one in the header"
            raise ValueError(msg)
        if column in seen:
            msg = f"{name}, line 1: column {column!r} stands twice; rename one"
            raise ValueError(msg)
        seen.add(column)


def _parsed(content: bytes, name: str, types: dict[str, pa.DataType]) -> pa.Table:
    wrong: list[Any] = []

    def note(row: Any) -> Literal["skip"]:
        wrong.append(row)
        return "skip"

    try:
        table = pacsv.read_csv(
            io.BytesIO(content),
            read_options=pacsv.ReadOptions(use_threads=False, block_size=len(content) + 1),
            parse_options=pacsv.ParseOptions(newlines_in_values=True, invalid_row_handler=note),
            convert_options=pacsv.ConvertOptions(column_types=types, null_values=_MISSING, strings_can_be_null=True),
        )
    except pa.ArrowInvalid as fault:
        msg = f"{name}: not a CSV file with a header ({str(fault).split(':', 1)[0]}); check its first line"
        raise ValueError(msg) from None
    if wrong:
        row = wrong[0]
        more = f" ({len(wrong):,} such rows)" if len(wrong) > 1 else ""
        cells = f"{row.actual_columns} cells where the header has {row.expected_columns}"
        msg = f"{name}, row {row.number} (the header is row 1): {cells}{more}; check commas and quotes"
        raise ValueError(msg)
    return table
