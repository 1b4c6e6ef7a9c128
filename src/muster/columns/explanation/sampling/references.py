"""References: a few made-up applicants who stand for approved people, so that no person's row is handed on.

Every column is spread as it is among approved people, and each independently of the others: numbers over the middles of
equal shares of them, categories and what is missing in proportion. What is drawn is drawn by a fixed seed, so that the
same people give the same references.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.columns.arrow import column_of

REFERENCES: Final = 8
"""How many there are."""

_SEED: Final = 0


def references_of(approved: pa.Table, inputs: Sequence[str]) -> pa.Table:
    """Return made-up rows of these columns, of the same types; raise ValueError where nobody is approved."""
    if approved.num_rows == 0:
        msg = "there is no row to explain against: a background of one person at least is needed"
        raise ValueError(msg)
    rng = np.random.default_rng(_SEED)
    made: dict[str, Any] = {}
    for name in inputs:
        column: Any = column_of(approved, name).combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        values = _texts(column) if not _is_number(column.type) else _numbers(column)
        made[name] = pa.array([values[at] for at in rng.permutation(REFERENCES)], column.type)
    return pa.table(made)


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _numbers(column: Any) -> list[float | int | None]:
    whole = pa.types.is_integer(column.type)
    known = pc.drop_null(column).to_numpy(zero_copy_only=False).astype(np.float64)
    known = known[~np.isnan(known)]
    missing = round(REFERENCES * (len(column) - len(known)) / len(column))
    count = REFERENCES - missing
    middles = np.quantile(known, (np.arange(count) + 0.5) / count) if count else np.empty(0)
    told: list[Any] = [int(value) for value in np.rint(middles)] if whole or _is_whole(known) else middles.tolist()
    return [*(int(value) if whole else float(value) for value in told), *[None] * missing]


def _is_whole(known: Any) -> bool:
    """Tell whether numbers are integers that gaps have made floating point."""
    return bool((np.floor(known) == known).all())


def _texts(column: Any) -> list[Any]:
    """Return categories by their share: the largest remainders get what is left, of equal ones the first by name."""
    counted = pc.value_counts(column).to_pylist()
    order = sorted(counted, key=lambda each: (-each["counts"], str(each["values"])))
    exact = [REFERENCES * each["counts"] / len(column) for each in order]
    slots = [int(share) for share in exact]
    left = sorted(range(len(order)), key=lambda at: (slots[at] - exact[at], at))[: REFERENCES - sum(slots)]
    for at in left:
        slots[at] += 1
    return [each["values"] for each, count in zip(order, slots, strict=True) for _ in range(count)]
