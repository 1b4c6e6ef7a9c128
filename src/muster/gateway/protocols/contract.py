"""Contract: a model's inputs as types that JSON is held against while it is read: the fastest way to rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from muster.columns.many.dense import Typed, layout_of
from muster.gateway.protocols.values import column_values, require_few
from muster.guards.guard import Rows
from muster.guards.schema import NATURAL
from muster.records.data import Column, ColumnType

_TYPES: Final[dict[ColumnType, Any]] = {
    # Both, so that a whole number stays one: as a float it would lose what lies beyond 2**53.
    ColumnType.NUMBER: int | float,
    ColumnType.INTEGER: int,
    ColumnType.CATEGORY: str,
}

_SEVERAL: Final = re.compile(rb'\s*\{\s*"rows"\s*:\s*\[')
"""How a request with several rows begins; of one row, even where a column is called so, its value is no list."""


@dataclass(slots=True)  # as Rows: one is made for each request
class Asked:
    """A request, read."""

    rows: Rows
    id: str
    several: bool
    """Whether rows were sent as a list, and are answered so."""


class Contract:
    """Reads requests for one model.

    Parameters
    ----------
    columns
        The model's inputs.
    """

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self.columns: Final = columns
        self._layout = layout_of(columns)
        self._names = tuple(column.name for column in columns)
        self._datatypes = {column.name: NATURAL[column.type] for column in columns}
        fields = {f"c{place}": name for place, name in enumerate(self._names)}
        row, known = (
            msgspec.defstruct(
                "Row",
                [(f"c{place}", each(column)) for place, column in enumerate(columns)],
                rename=fields,
                forbid_unknown_fields=True,
                gc=False,
            )
            for each in (_type, _known)
        )
        self._one = msgspec.json.Decoder(row)
        # Texts that are known are not made anew: those of many rows are then found in tables in a third of the time.
        self._several: tuple[Any, Any] = _rows_of(known), _rows_of(row)

    def one(self, body: bytes) -> tuple[Any, ...] | None:
        """Return the values of a request of one row, in the order of the inputs; None where it is for :meth:`read`."""
        if _SEVERAL.match(body) is not None:
            return None
        try:
            return msgspec.structs.astuple(self._one.decode(body))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def read(self, body: bytes, request_id: str, most_rows: int) -> Asked:
        """Read a request.

        What is not as the contract says goes the long way to the guards, which name the column that is wrong, mark the
        law where a column is prohibited, and log the refusal.

        Raises
        ------
        ValueError
            If it is not JSON, no object, or a column holds values of several kinds; never says what was sent.
        OverflowError
            If it has too many rows.
        """
        if (values := self.one(body)) is not None:
            columns = {name: [value] for name, value in zip(self._names, values, strict=True)}
            return Asked(Rows(1, columns, self._datatypes), request_id, several=False)
        try:
            rows = self._rows(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self._read_loosely(body, request_id, most_rows)
        _require_size(len(rows), most_rows)
        listed = map(list, zip(*map(msgspec.structs.astuple, rows), strict=True))
        return Asked(Rows(len(rows), Typed(self._layout, listed), self._datatypes), request_id, True)  # noqa: FBT003 - a field

    def _rows(self, body: bytes) -> list[Any]:
        known, row = self._several
        try:
            return known.decode(body).rows  # type: ignore[no-any-return]
        except msgspec.ValidationError:
            return row.decode(body).rows  # type: ignore[no-any-return]

    def _read_loosely(self, body: bytes, request_id: str, most_rows: int) -> Asked:
        require_few(body, most_rows)
        try:
            content = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            msg = "the body is not JSON, or it is nested too deeply"
            raise ValueError(msg) from None
        if not isinstance(content, dict):
            msg = 'the body must be a JSON object: {"COLUMN": value, ...}, or {"rows": [{"COLUMN": value, ...}, ...]}'
            raise ValueError(msg)
        several = isinstance(content.get("rows"), list)
        if several and len(content) > 1:
            msg = "rows: nothing else can stand beside it"
            raise ValueError(msg)
        records = content["rows"] if several else [content]
        _require_size(len(records), most_rows)
        return Asked(column_values(records, self.columns, "rows"), request_id, several)


def _rows_of(row: Any) -> Any:
    return msgspec.json.Decoder(msgspec.defstruct("Several", [("rows", list[row])], forbid_unknown_fields=True))


def _type(column: Column) -> Any:
    kind = _TYPES[column.type]
    return kind | None if column.nullable else kind


def _known(column: Column) -> Any:
    """Return the same, of categories only those that are known."""
    if not column.categories:
        return _type(column)
    kind: Any = Literal[column.categories]
    return kind | None if column.nullable else kind


def _require_size(size: int, most: int) -> None:
    if size < 1:
        msg = "rows: there is none"
        raise ValueError(msg)
    if size > most:
        msg = f"{size} rows in one request, {most} is the most: send several requests"
        raise OverflowError(msg)
