"""Passed: proof about a model that its own library serves: what comes back over the wire is what it answers here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.columns.plan import Plan, favourable
from muster.columns.proof.adversarial import UNKNOWN_CATEGORY, Rows
from muster.columns.proof.parity import Parity
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule

Scores = Callable[[Rows], NDArray[np.float64]]

_ALONE = 64
"""Evaluation rows that are also sent one by one: a model may answer otherwise in a batch."""
_EXTREME = 1e12
_RESOLVED = 1e-6
"""Made rows whose score is nearer to the threshold are left out: a graph in single precision cannot tell."""


def passed(original: Scores, served: Scores, plan: Plan, rows: Rows, made: Rows | None = None) -> Parity:
    """Compare what a model answers with what is served of it.

    Parameters
    ----------
    original
        Scores of the model for raw rows; it may raise ValueError on rows that it does not take.
    served
        The same, by all that lies between a request and the answer.
    rows
        Evaluation rows by column, one at least; every one must be scored.
    made
        Adversarial rows, where what the original computes is known; where one side refuses a row, the other must too.

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
    further = _made(original, served, plan, {} if made is None else made)
    pairs += further.pairs
    differing += further.refused_by_one
    first, second = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    decided, far = apart(first, second, plan.decision)
    return Parity(
        rows=count + len(edges) + further.rows,
        adversarial_rows=len(edges) + further.rows,
        decisions_differing=differing + decided,
        largest_score_difference=far,
        scores_differing=int((first != second).sum()),
    )


def apart(wanted: NDArray[np.float64], got: NDArray[np.float64], rule: DecisionRule) -> tuple[int, float]:
    """Return on how many rows two models decide otherwise, and by how much their scores differ at most."""
    differing = int((favourable(wanted, rule) != favourable(got, rule)).sum())
    return differing, float(np.abs(wanted - got).max(initial=0.0))


@dataclass(frozen=True, slots=True)
class _Made:
    rows: int
    pairs: list[tuple[NDArray[np.float64], NDArray[np.float64]]]
    refused_by_one: int


def _made(original: Scores, served: Scores, plan: Plan, rows: Rows) -> _Made:
    if not rows or not len(next(iter(rows.values()))):
        return _Made(0, [], 0)
    wanted = _where_taken(original, rows)
    told = ~(np.abs(wanted - plan.decision.threshold) < _RESOLVED)  # NaN, which is refused, is told too
    wanted, got = wanted[told], _where_taken(served, {name: values[told] for name, values in rows.items()})
    both = ~(np.isnan(wanted) | np.isnan(got))
    return _Made(len(wanted), [(wanted[both], got[both])], int((np.isnan(wanted) != np.isnan(got)).sum()))


def _where_taken(score: Scores, rows: Rows) -> NDArray[np.float64]:
    """Return one score a row, NaN where a row is refused: halves are tried until each is known."""
    count = len(next(iter(rows.values())))
    found = _tried(score, rows) if count else np.empty(0)
    if found is not None:
        return found
    if count == 1:
        return np.full(1, np.nan)
    halves = (slice(0, count // 2), slice(count // 2, count))
    return np.concatenate([_where_taken(score, {name: held[half] for name, held in rows.items()}) for half in halves])


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
