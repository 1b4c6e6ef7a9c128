"""Parts of a table: random splits that a seed decides, and the ranges of its numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def parts(table: pa.Table, shares: Sequence[float], seed: int) -> tuple[pa.Table, ...]:
    """Split rows at random, without overlap.

    Parameters
    ----------
    shares
        Fractions of the rows, each above 0, adding up to 1.
    seed
        Of NumPy's PCG64; equal seeds give equal parts. Rows keep their order within a part.

    Raises
    ------
    ValueError
        If the shares do not add up, or a part would be empty.
    """
    if any(share <= 0 for share in shares) or not math.isclose(sum(shares), 1.0):
        msg = f"shares {', '.join(f'{share:g}' for share in shares)} must each be above 0 and add up to 1"
        raise ValueError(msg)
    order = np.random.default_rng(seed).permutation(table.num_rows)
    cuts = np.round(np.cumsum(shares)[:-1] * table.num_rows).astype(np.int64)
    pieces = np.split(order, cuts)
    if any(len(piece) == 0 for piece in pieces):
        msg = f"{table.num_rows} rows are too few for the shares {', '.join(f'{share:g}' for share in shares)}"
        raise ValueError(msg)
    return tuple(table.take(np.sort(piece)) for piece in pieces)


def ranges(table: pa.Table, names: Iterable[str]) -> dict[str, tuple[float, float] | None]:
    """Return smallest and largest value of each number column; None for a column without any value."""
    found: dict[str, tuple[float, float] | None] = {}
    for name in names:
        column = table.column(name)
        if pa.types.is_floating(column.type):
            column = pc.filter(column, pc.is_finite(column))
        both: Any = pc.min_max(column).as_py()
        found[name] = None if both["min"] is None else (float(both["min"]), float(both["max"]))
    return found
