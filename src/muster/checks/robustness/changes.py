"""Changes of rows as data: which column, what happens to it, by how much, in which share of rows."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.checks.rescored import SEED
from muster.columns.arrow import Bools, Floats, column_of, floats, is_number, texts

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one column; ``operation`` is a name in :data:`OPERATIONS`."""

    column: str
    operation: str
    amount: Any
    share: float = 1.0
    """Share of the rows that it happens to, drawn by a fixed seed."""


def apply(table: pa.Table, changes: Sequence[Change]) -> pa.Table:
    """Return the table with every change made, in order.

    Draws depend on the change and on the order of rows, never on other changes. A whole number that stops being whole
    becomes floating point; whether a model takes it is the model's business.

    Raises
    ------
    ValueError
        If there is no such column or operation, the amount is none, or the column cannot be changed so.
    """
    for place, change in enumerate(changes):
        if change.operation not in OPERATIONS:
            msg = f"there is no change {change.operation!r}; there are {', '.join(OPERATIONS)}"
            raise ValueError(msg)
        column = column_of(table, change.column)
        rng = np.random.default_rng([SEED, place, zlib.crc32(f"{change.column} {change.operation}".encode())])
        made = OPERATIONS[change.operation](table, change.column, change.amount, rng)
        if change.share < 1.0:
            made = _mixed(column, made, rng.random(table.num_rows) < change.share)
        table = table.set_column(table.column_names.index(change.column), change.column, made)
    return table


def spread(values: Floats) -> float:
    """Return the robust standard deviation of the finite values: the interquartile range over 1.349.

    Where half of the values are equal, the plain standard deviation; 0 for a constant.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return 0.0
    first, third = np.percentile(finite, (25, 75))
    return float(third - first) / 1.349 or float(finite.std())


def _mixed(old: pa.ChunkedArray[Any], new: Any, where: Bools) -> Any:
    if new.type != old.type:
        both = pa.string() if pa.types.is_string(new.type) else pa.float64()
        old, new = pc.cast(old, both), pc.cast(new, both)
    return pc.if_else(pa.array(where), new, old)


def _multiply(table: pa.Table, name: str, amount: Any, _: Rng) -> pa.Array[Any]:
    return _numbers(floats(table, name) * _amount(amount, "multiply"))


def _add(table: pa.Table, name: str, amount: Any, _: Rng) -> pa.Array[Any]:
    return _numbers(floats(table, name) + _amount(amount, "add"))


def _noise(table: pa.Table, name: str, amount: Any, rng: Rng) -> pa.Array[Any]:
    """Add normal noise of ``amount`` robust standard deviations; whole numbers stay whole."""
    values, size = floats(table, name), _amount(amount, "noise")
    noisy = values + rng.normal(0.0, 1.0, values.size) * size * spread(values)
    whole = pa.types.is_integer(column_of(table, name).type)
    return _numbers(np.round(noisy) if whole else noisy)


def _missing(table: pa.Table, name: str, amount: Any, rng: Rng) -> Any:
    """Take away a share of the values."""
    kept = pa.array(rng.random(table.num_rows) >= _amount(amount, "missing"))
    column = column_of(table, name)
    return pc.if_else(kept, column, pa.scalar(None, column.type))


def _set(table: pa.Table, name: str, amount: Any, _: Rng) -> pa.Array[Any]:
    column = column_of(table, name)
    if not is_number(column.type):
        return pa.array([str(amount)] * table.num_rows, pa.string())
    return _numbers(np.full(table.num_rows, _amount(amount, "set")))


def _shuffle(table: pa.Table, name: str, _: Any, rng: Rng) -> Any:
    """Give every row another row's value, as when two sources are joined wrongly."""
    order: Any = rng.permutation(table.num_rows)
    return column_of(table, name).take(order)


def _typo(table: pa.Table, name: str, amount: Any, _: Rng) -> pa.Array[Any]:
    """Misspell every category in one way; each is misspelt once, not once a row."""
    if amount not in TYPOS:
        msg = f"there is no typo {amount!r}; there are {', '.join(TYPOS)}"
        raise ValueError(msg)
    encoded: Any = texts(table, name).combine_chunks().dictionary_encode()
    wrong = [None if value is None else TYPOS[amount](value) for value in encoded.dictionary.to_pylist()]
    return pa.array(wrong, pa.string()).take(encoded.indices)


TYPOS: Mapping[str, Callable[[str], str]] = {
    "swapped letters": lambda text: (
        text[1::-1] + text[2:] if len(text) > 1 and text[0] != text[1] else text + text[-1:]
    ),
    "lost letter": lambda text: text[:-1],
    "other case": str.swapcase,
    "space": lambda text: f"{text} ",
}
"""Ways to misspell a category, by name."""

OPERATIONS: Mapping[str, Callable[[pa.Table, str, Any, Rng], Any]] = {
    "multiply": _multiply,
    "add": _add,
    "set": _set,
    "noise": _noise,
    "missing": _missing,
    "shuffle": _shuffle,
    "typo": _typo,
}
"""What can happen to a column, by the name that scenarios use."""


def _numbers(values: Floats) -> pa.Array[Any]:
    return pa.array(values, mask=np.isnan(values))


def _amount(amount: Any, operation: str) -> float:
    if not isinstance(amount, (int, float)) or isinstance(amount, bool) or not np.isfinite(amount):
        msg = f"change {operation} needs a number, got {amount!r}"
        raise ValueError(msg)
    return float(amount)
