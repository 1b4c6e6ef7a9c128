"""Data contract: whether a table has the columns, types, ranges and categories that were agreed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Bools, Floats, column_of, first, floats, is_number, missing, places_of, table_of, texts
from muster.records.data import Column, ColumnType, ContractBreach, DataContract


def breaches(data: Any, contract: DataContract) -> tuple[ContractBreach, ...]:
    """Return every way in which data breaks its contract, in the contract's order; none means that it is kept.

    Rules are ``missing`` and ``extra`` (columns; they concern all rows), ``type``, ``null``, ``minimum``, ``maximum``
    and ``category``. Rows count from 0. NaN counts as null; a whole-number column may be stored as floating point as
    long as every value is whole; where the type is wrong, ranges and categories are not judged.

    Parameters
    ----------
    data
        Arrow data.
    contract
        What was agreed.

    Raises
    ------
    ValueError
        If the data is not Arrow data, or a column name occurs twice.
    """
    table = table_of(data)
    agreed = {column.name for column in contract.columns}
    found = [breach for column in contract.columns for breach in _column(table, column)]
    extra = [ContractBreach(name, "extra", table.num_rows) for name in table.column_names if name not in agreed]
    return (*found, *extra)


def _column(table: pa.Table, column: Column) -> Iterator[ContractBreach]:
    if column.name not in table.column_names:
        yield ContractBreach(column.name, "missing", table.num_rows)
        return
    if not column.nullable:
        yield from _breach(column, "null", missing(table, column.name))
    # A column of nothing but nulls has no type of its own: whether it may be empty is the rule above.
    if not pa.types.is_null(column_of(table, column.name).type):
        yield from _texts(table, column) if column.type is ColumnType.CATEGORY else _numbers(table, column)


def _numbers(table: pa.Table, column: Column) -> Iterator[ContractBreach]:
    kind = column_of(table, column.name).type
    if not is_number(kind):
        yield ContractBreach(column.name, "type", table.num_rows, 0 if table.num_rows else None)
        return
    values = floats(table, column.name)
    # Infinity is no number that a model can read.
    broken = np.isinf(values)
    if column.type is ColumnType.INTEGER and not pa.types.is_integer(kind):
        broken |= values != np.floor(values)
        broken &= ~np.isnan(values)
    yield from _breach(column, "type", broken)
    yield from _range(column, values)


def _range(column: Column, values: Floats) -> Iterator[ContractBreach]:
    if column.minimum is not None:
        yield from _breach(column, "minimum", values < column.minimum)
    if column.maximum is not None:
        yield from _breach(column, "maximum", values > column.maximum)
    if column.categories:
        allowed = np.asarray([float(text) for text in column.categories])
        yield from _breach(column, "category", ~np.isnan(values) & ~np.isin(values, allowed))


def _texts(table: pa.Table, column: Column) -> Iterator[ContractBreach]:
    kind = column_of(table, column.name).type
    if pa.types.is_nested(kind) or pa.types.is_floating(kind) or pa.types.is_temporal(kind):
        yield ContractBreach(column.name, "type", table.num_rows, 0 if table.num_rows else None)
        return
    if column.categories:
        strange = places_of(texts(table, column.name), column.categories) == len(column.categories)
        yield from _breach(column, "category", strange & ~missing(table, column.name))


def _breach(column: Column, rule: str, rows: Bools) -> Iterator[ContractBreach]:
    count = int(np.count_nonzero(rows))
    if count:
        yield ContractBreach(column.name, rule, count, first(rows))
