"""Passed: proof about a model that its own library serves: what comes back over the wire is what it answers here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.columns.plan import Plan, favourable
from muster.columns.proof.adversarial import UNKNOWN_CATEGORY, Rows
from muster.columns.proof.parity import Parity
from muster.records.data import Column, ColumnType

Scores = Callable[[Rows], NDArray[np.float64]]

_ALONE = 64
"""Evaluation rows that are also sent one by one: a model may answer otherwise in a batch."""
_EXTREME = 1e12


def passed(original: Scores, served: Scores, plan: Plan, rows: Rows) -> Parity:
    """Compare what a model answers with what is served of it.

    Parameters
    ----------
    original
        Scores of the model for raw rows; it may raise ValueError on rows that it does not take.
    served
        The same, by all that lies between a request and the answer.
    rows
        Evaluation rows by column, one at least; every one must be scored.

    Raises
    ------
    ValueError
        Where there are no rows, or either side cannot score them: then nothing is proved.
    """
    names = [column.name for column in plan.columns]
    count = len(rows[names[0]])
    if count == 0:
        msg = "there is no row to compare on: name a dataset with rows"
        raise ValueError(msg)
    wanted, got = original(rows), served(rows)
    pairs = [(wanted, got)]
    singles = [_row(rows, names, at) for at in range(min(count, _ALONE))]
    # Alone, the model is compared with itself in the batch: callers are promised the one as the other.
    pairs += [(wanted[at : at + 1], served(single)) for at, single in enumerate(singles)]
    edges = [(column.name, value) for column in plan.columns for value in _values(column)]
    differing = 0
    for place, (name, value) in enumerate(edges):
        changed = _row(rows, names, place % count) | {name: np.array([value], rows[name].dtype)}
        both = _tried(original, changed), _tried(served, changed)
        if both[0] is not None and both[1] is not None:
            pairs.append((both[0], both[1]))
        differing += (both[0] is None) != (both[1] is None)
    first, second = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    apart = int((favourable(first, plan.decision) != favourable(second, plan.decision)).sum())
    return Parity(
        rows=count + len(edges),
        adversarial_rows=len(edges),
        decisions_differing=differing + apart,
        largest_score_difference=float(np.abs(first - second).max()),
        scores_differing=int((first != second).sum()),
    )


def _row(rows: Rows, names: list[str], at: int) -> dict[str, NDArray[Any]]:
    return {name: rows[name][at : at + 1] for name in names}


def _values(column: Column) -> tuple[Any, ...]:
    null: tuple[Any, ...] = (None if column.type is ColumnType.CATEGORY else np.nan,) if column.nullable else ()
    if column.type is ColumnType.CATEGORY:
        return (*column.categories, UNKNOWN_CATEGORY, *null)
    limits = (limit for limit in (column.minimum, column.maximum) if limit is not None)
    return (0.0, -_EXTREME, _EXTREME, *limits, *null)


def _tried(score: Scores, rows: Rows) -> NDArray[np.float64] | None:
    """Return what is answered, or None where the rows are refused."""
    try:
        return score(rows)
    except ValueError:
        return None
