"""Reading: a file piece by piece, and the columns of a piece as guards and encoders take them.

Nothing is converted silently: what a column of a Parquet or Arrow file holds is told in the words of the Open Inference
Protocol, and the guards judge that. A CSV holds text only: a cell that does not read as its column's type is a fault of
its row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet

from muster.adapters.rowfiles.cells import categories, is_text, numbers, plain
from muster.adapters.rowfiles.forms import Form
from muster.adapters.rowfiles.opening import open_arrow, open_csv
from muster.guards.guard import Rows
from muster.records.data import Column, ColumnType

_DATATYPES: Final[Mapping[Any, str]] = {
    pa.float64(): "FP64",
    pa.float32(): "FP32",
    pa.float16(): "FP16",
    **{kind: str(kind).upper() for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64())},
    **{kind: str(kind).upper() for kind in (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())},
    pa.bool_(): "BOOL",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a file: the inputs, rows that cannot be read and why, and the columns to be kept."""

    rows: Rows
    faults: Mapping[int, str] = field(default_factory=dict)
    kept: Any = None
    """Arrow record batch."""


class RowFile:
    """A file of rows, or standard input.

    Parameters
    ----------
    source
        Path, or a binary stream.
    form
        How it is written; a stream is no Parquet.
    """

    def __init__(self, source: Any, form: Form) -> None:
        self._source = source
        self._form = form
        self.names: Sequence[str] = ()
        """Its columns."""
        self.rows: int | None = None
        """How many there are, where the file says so."""
        self._schema: Any = None
        self._opened: Any = None
        self._next: Callable[[], Any] = lambda: None
        try:
            self._look()
        except pa.ArrowException as error:
            self.close()
            raise ValueError(self._words(error)) from None
        except ValueError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.close()

    def schema_of(self, names: Sequence[str]) -> Any:
        """Return the schema of some columns; raise ValueError where one is not in the file."""
        if absent := [name for name in names if name not in self.names]:
            msg = f"{self._name} has no column {absent[0]!r}; it has {', '.join(self.names)}"
            raise ValueError(msg)
        return pa.schema([self._schema.field(name) for name in names])

    def digest(self) -> str:
        """Return the digest of the whole file, empty of a stream."""
        if not isinstance(self._source, Path):
            return ""
        with self._source.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"

    def batches(self, columns: Sequence[str], start: int, size: int) -> Iterator[Any]:
        """Yield the rows from ``start`` on as record batches of ``size`` rows at most; the file decides where they end.

        Raises
        ------
        ValueError
            If the file is damaged.
        """
        try:
            for batch in self._batches(columns, start, size):
                for at in range(0, batch.num_rows, size):
                    yield batch.slice(at, size)
        except pa.ArrowException as error:
            raise ValueError(self._words(error)) from None

    def datatype(self, column: Column) -> str:
        """Return what a column holds, in the words of the Open Inference Protocol; a CSV holds what is wanted."""
        if self._form is Form.CSV:
            return {ColumnType.NUMBER: "FP64", ColumnType.INTEGER: "INT64"}.get(column.type, "BYTES")
        kind = self._schema.field(column.name).type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        return "BYTES" if is_text(kind) else _DATATYPES.get(kind, str(kind))

    def piece(self, batch: Any, inputs: Sequence[Column], keep: Sequence[str]) -> Piece:
        """Take the inputs out of a record batch, as numpy arrays and coded columns."""
        faults: dict[int, str] = {}
        columns = {column.name: self._column(batch, column, faults) for column in inputs}
        rows = Rows(batch.num_rows, columns, {column.name: self.datatype(column) for column in inputs})
        kept = batch.select(list(keep)).cast(self.schema_of(keep))
        return Piece(rows, faults, kept)

    def _look(self) -> None:
        if self._form is Form.PARQUET:
            if not isinstance(self._source, Path):
                msg = "Parquet ends in what it is about, so it cannot be read from a pipe: send Arrow IPC or CSV"
                raise ValueError(msg)
            with pa.parquet.ParquetFile(self._source) as file:
                self._schema, self.rows = file.schema_arrow, file.metadata.num_rows
        elif self._form is Form.ARROW:
            self._next, self._schema, self.rows = open_arrow(self._source)
        else:
            self._opened = self._source.open("rb") if isinstance(self._source, Path) else self._source
            self._next, self._schema = open_csv(self._opened)
        self.names = tuple(self._schema.names)
        if twice := sorted({name for name in self.names if list(self.names).count(name) > 1}):
            msg = f"{self._name}: column {twice[0]} occurs more than once: rename or drop the copies"
            raise ValueError(msg)

    def _batches(self, columns: Sequence[str], start: int, size: int) -> Iterator[Any]:
        if self._form is Form.PARQUET:
            yield from self._parquet(columns, start, size)
            return
        left = start
        while True:
            try:
                batch = self._next()
            except StopIteration:
                return
            passed = min(left, batch.num_rows)
            left -= passed
            if passed < batch.num_rows:
                yield batch.slice(passed).select(list(columns))

    def _parquet(self, columns: Sequence[str], start: int, size: int) -> Iterator[Any]:
        texts = [name for name in columns if is_text(self._schema.field(name).type)]
        # Row group by row group, and without reading ahead of more than that: memory stays what one group takes.
        with pa.parquet.ParquetFile(self._source, read_dictionary=texts, pre_buffer=False) as file:
            for group in range(file.num_row_groups):
                count = file.metadata.row_group(group).num_rows
                passed = min(start, count)
                start -= passed
                if passed == count:
                    continue
                for batch in file.iter_batches(size, row_groups=[group], columns=list(columns), use_threads=True):
                    gone = min(passed, batch.num_rows)
                    passed -= gone
                    if gone < batch.num_rows:
                        yield batch.slice(gone)

    def _column(self, batch: Any, column: Column, faults: dict[int, str]) -> Any:
        values = batch.column(column.name)
        if column.type is ColumnType.CATEGORY:
            return categories(values)
        if self._form is Form.CSV:
            values = numbers(values, column, faults)
        return plain(values)

    def _words(self, error: Exception) -> str:
        """Say what is wrong with the file, and not what is in it: Arrow repeats whole rows."""
        return f"{self._name} cannot be read as {self._form.value}: {type(error).__name__}"

    @property
    def _name(self) -> str:
        return self._source.name if isinstance(self._source, Path) else "standard input"
