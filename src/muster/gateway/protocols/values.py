"""Values of JSON as columns, each with the datatype that its values have; nothing is cast, nothing is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from muster.guards.guard import Rows
from muster.guards.schema import NATURAL
from muster.records.data import Column, ColumnType

_KINDS: Final[Mapping[frozenset[type], str]] = {
    frozenset({int}): "INT64",
    frozenset({float}): "FP64",
    frozenset({int, float}): "FP64",
    frozenset({str}): "BYTES",
    frozenset({bool}): "BOOL",
}

_NONE: Final = type(None)

_BESIDES: Final = 2_100
"""Lists and objects that a request has beside its rows: a list for each of its columns, and what holds them."""


def require_few(body: bytes, rows: int) -> None:
    """Refuse JSON of far more objects and lists than rows before they are made: in memory they are many times as large.

    Raises
    ------
    OverflowError
        If there are.
    """
    if body.count(b"{") + body.count(b"[") > rows + _BESIDES:
        msg = f"{rows} rows in one request is the most: send several requests"
        raise OverflowError(msg)


def column_values(records: Sequence[Any], columns: Sequence[Column], place: str) -> Rows:
    """Return records of one row each as columns.

    Raises
    ------
    ValueError
        If one is no object, or they differ in their names; says which, never what is in it.
    """
    first = records[0]
    if not isinstance(first, dict) or not all(isinstance(record, dict) for record in records):
        msg = f"{place}: each must be an object with a value a column"
        raise ValueError(msg)
    names = first.keys()
    if (odd := next((row for row, record in enumerate(records) if record.keys() != names), None)) is not None:
        msg = f"{place}[{odd}]: it has other columns than {place}[0]"
        raise ValueError(msg)
    return typed({name: [record[name] for record in records] for name in names}, len(records), columns, place)


def typed(
    listed: Mapping[str, list[Any]], size: int, columns: Sequence[Column], place: str, *, whole: bool = False
) -> Rows:
    """Return columns with the datatypes that their values have.

    Parameters
    ----------
    whole
        Whether ``12.0`` may stand in a column of whole numbers: tables write it so where another value is missing.

    Raises
    ------
    ValueError
        If a column holds values of several kinds, or what is no value.
    """
    known = {column.name: column for column in columns}
    values, kinds = {}, {}
    for name, given in listed.items():
        column = known.get(name)
        if whole and column is not None and column.type is ColumnType.INTEGER and float in set(map(type, given)):
            given = [_whole(value) for value in given]  # noqa: PLW2901 - the same values
        values[name], kinds[name] = given, _datatype(given, name if column else "", column, place)
    return Rows(size, values, kinds)


def _whole(value: Any) -> Any:
    return int(value) if type(value) is float and value.is_integer() else value


def _datatype(values: list[Any], name: str, column: Column | None, place: str) -> str:
    kinds = frozenset(map(type, values)) - {_NONE}
    if not kinds:
        return NATURAL[column.type] if column else "BYTES"
    found = _KINDS.get(kinds)
    if found is None:
        # A foreign name is not repeated: where a table came without its header, it is a value.
        named = f"column {name}" if name else "a column"
        msg = f"{place}: {named} must hold numbers, texts or nulls, of one kind in all rows"
        raise ValueError(msg)
    return found
