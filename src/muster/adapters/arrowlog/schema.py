"""Schemas of the log's streams, and batches from the rows of a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa

from muster.adapters.arrowlog.joining import joined
from muster.ports.log import INPUT, Source, Stream
from muster.records.data import ColumnType

Block = Mapping[str, Sequence[Any]]
"""Rows as one sequence a column."""
Part = Block | tuple[Any, ...]
"""A block, or one row: values in the order of the schema, without those that are constant in a segment."""

_MOMENT = pa.timestamp("us", "UTC")
_NAME = pa.dictionary(pa.int8(), pa.string())

CONSTANT = ("deployment", "version", "served")
"""Columns that have one value in a segment."""

_FIXED: Mapping[Stream, Mapping[str, Any]] = {
    Stream.DECISIONS: {
        "decision_id": pa.string(),
        "request_id": pa.string(),
        "at": _MOMENT,
        "score": pa.float64(),
        "favourable": pa.bool_(),
        "decision": pa.string(),
        "flags": pa.list_(pa.string()),
        "guards": pa.string(),
        "reasons": pa.list_(pa.string()),
        "scored_us": pa.int64(),
        "latency_us": pa.int64(),
    },
    Stream.PERSONAL: {
        "decision_id": pa.string(),
        "at": _MOMENT,
    },
    Stream.REFUSALS: {
        "request_id": pa.string(),
        "at": _MOMENT,
        "guard": pa.string(),
        "reason": pa.string(),
        "rows": pa.int64(),
    },
    Stream.ANSWERS: {
        "request_id": pa.string(),
        "at": _MOMENT,
        "protocol": pa.string(),
        "outcome": pa.string(),
        "input_tokens": pa.int64(),
        "output_tokens": pa.int64(),
        "cost": pa.float64(),
        "findings": pa.list_(pa.string()),
        "first_us": pa.int64(),
        "latency_us": pa.int64(),
        "characters": pa.int64(),
    },
}

_FIXED = {**_FIXED, Stream.SHADOWS: _FIXED[Stream.DECISIONS], Stream.SHADOW_REFUSALS: _FIXED[Stream.REFUSALS]}

_INPUT_TYPES: Mapping[ColumnType, Any] = {
    ColumnType.NUMBER: pa.float64(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.CATEGORY: pa.string(),
}


@cache
def schema_of(source: Source) -> pa.Schema:
    """Return the schema of a source's rows; its metadata names the source."""
    fields: list[pa.Field[Any]] = [pa.field(name, kind) for name, kind in _FIXED[source.stream].items()]
    fields += [pa.field(name, _NAME) for name in CONSTANT]
    fields += [pa.field(INPUT + column.name, _INPUT_TYPES[column.type]) for column in source.inputs]
    return pa.schema(fields, metadata={name: getattr(source, name) for name in ("stream", *CONSTANT)})


@cache
def _named(source: Source) -> tuple[tuple[str, Any, Any], ...]:
    """Return the name and type of each column, and the only value of those that have one."""
    return tuple(
        (field.name, field.type, pa.array([getattr(source, field.name)]) if field.name in CONSTANT else None)
        for field in schema_of(source)
    )


def batch_of(source: Source, parts: Sequence[Part]) -> pa.RecordBatch:
    """Join blocks and rows into one record batch; raise ValueError or TypeError where values do not fit the schema."""
    named = _named(source)
    blocks = list(_blocks(parts, [name for name, _, only in named if only is None]))
    firsts: Any = pa.array(np.zeros(sum(len(block["at"]) for block in blocks), np.int8))
    arrays = [
        joined([block[name] for block in blocks], kind)
        if only is None
        else pa.DictionaryArray.from_arrays(firsts, only, safe=False)
        for name, kind, only in named
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema_of(source))


@cache
def prepare() -> None:
    """Make one batch, for which Arrow and numpy load modules; that would take ten times longer with requests coming."""
    batch_of(Source(Stream.PERSONAL, "", "", ""), [("", 0)])


def _blocks(parts: Sequence[Part], names: Sequence[str]) -> Iterator[Block]:
    """Turn rows that follow each other into one block."""
    for kind, run in groupby(parts, type):
        if kind is tuple:
            yield dict(zip(names, zip(*run, strict=True), strict=True))
        else:
            yield from run  # type: ignore[misc]


def size_of(block: Mapping[str, Sequence[Any]]) -> int:
    """Return how many rows a block has; raise ValueError where its columns differ in length."""
    sizes = set(map(len, block.values()))
    if len(sizes) != 1:
        msg = f"a block of log rows has columns of {sorted(sizes)} values: they must be equally long"
        raise ValueError(msg)
    return sizes.pop()
