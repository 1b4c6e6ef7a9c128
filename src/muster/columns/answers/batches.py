"""Large files of answers: batches in, and only what a sample needs is kept, in as few bytes as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.arrow import column_of, table_of


def gather(batches: Iterable[Any], columns: Sequence[str]) -> pa.Table:
    """Return the named columns of all batches as one compact table, exactly the same values.

    One batch at a time is held beside what is kept: 8 bytes a row for each column of floating point, 1 to 8 for each of
    whole numbers by their range, 4 for each of text with the different texts once. A score, a label and two attributes
    of ten million rows take about 170 MB, whatever else the file holds.

    Parameters
    ----------
    batches
        Arrow record batches or tables with equal columns, such as ``ParquetFile.iter_batches()`` yields.
    columns
        Names to keep: score, target, time, weights, and attributes by which people are grouped.

    Raises
    ------
    ValueError
        If a batch lacks a column, a column changes from text to numbers between batches, or there is no batch.
    """
    wanted = list(dict.fromkeys(columns))
    kept: list[pa.Table] = []
    for place, batch in enumerate(batches):
        table = table_of(batch)
        small = pa.table({name: _small(column_of(table, name)) for name in wanted})
        if kept and (odd := _changed(kept[0], small)):
            msg = (
                f"column {odd} changes its type in batch {place} (batches count from 0): write the file with one schema"
            )
            raise ValueError(msg)
        kept.append(small)
    if not kept:
        msg = "there is no batch: give at least one, which may have no rows"
        raise ValueError(msg)
    whole = pa.concat_tables(kept, promote_options="permissive").unify_dictionaries()
    kept.clear()
    # Column by column, so that only one is there twice: in one piece each, they are views to NumPy.
    for place, name in enumerate(wanted):
        whole = whole.set_column(place, name, whole.column(place).combine_chunks())
    return whole


def _small(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pc.dictionary_encode(pc.cast(column, pa.string()))
    if not pa.types.is_integer(kind):
        narrow_float = pa.types.is_floating(kind) and kind != pa.float64()
        return pc.cast(column, pa.float64()) if narrow_float else _copied(column)
    reach: Any = pc.min_max(column)
    low, high = reach["min"].as_py() or 0, reach["max"].as_py() or 0
    for narrow, bits in ((pa.int8(), 7), (pa.int16(), 15), (pa.int32(), 31)):
        if -(2**bits) <= low and high < 2**bits:
            return pc.cast(column, narrow)
    return _copied(column)


def _copied(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """Return a copy: a view would keep the whole batch of which it is a part."""
    return pa.chunked_array([pa.concat_arrays([chunk]) for chunk in column.chunks], column.type)


def _changed(before: pa.Table, now: pa.Table) -> str:
    return ", ".join(
        field.name for field in now.schema if _family(field.type) != _family(before.schema.field(field.name).type)
    )


def _family(kind: pa.DataType) -> str:
    return "number" if pa.types.is_integer(kind) or pa.types.is_floating(kind) else str(kind)
