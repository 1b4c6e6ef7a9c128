"""Counterfactual: the smallest change in what an applicant could change that would have been approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Floats, Integers, column_of, floats, is_number, texts
from muster.columns.plan import favourable
from muster.columns.rescoring import Rescorer, rescored
from muster.columns.statistics.bins import named_categories
from muster.records.model import DecisionRule

VALUES = 32
"""Values of a column that are tried alone."""
VALUES_OF_TWO = 6
"""Values of each column that are tried where two change."""
HALVINGS = 24


@dataclass(frozen=True, slots=True)
class Change:
    """One column that changes, and to which value; ``size`` counts spreads of the column among approved people."""

    column: str
    value: Any
    size: float


@dataclass(frozen=True, slots=True)
class _Choice:
    """A column's own value, then those to try; sizes of the change to each."""

    column: str
    values: pa.Array[Any]
    sizes: Floats
    spread: float
    """0 for a column that is no number."""


def smallest_change(
    rescorer: Rescorer, person: pa.Table, approved: pa.Table, columns: Sequence[str], rule: DecisionRule
) -> tuple[Change, ...]:
    """Return the smallest change found that the model would have approved: of one column or, failing that, of two.

    Values are tried that approved people have (quantiles, or categories); then the change is halved as long as it is
    still approved. It is a search: a smaller change may exist, but what is returned has been scored and is approved.

    Parameters
    ----------
    rescorer
        The model.
    person
        One row with the model's inputs.
    approved
        Rows of approved people, whose values are tried.
    columns
        What the person could change.

    Returns
    -------
    One or two changes; none if the search found nothing, or the person is approved as they are.

    Raises
    ------
    ValueError
        If there is not exactly one person, or nobody was approved, or the model refuses a row.
    """
    if person.num_rows != 1 or approved.num_rows == 0:
        msg = f"one person and some approved people are needed, got {person.num_rows} and {approved.num_rows}"
        raise ValueError(msg)
    if _approves(rescorer, person, rule)[0]:
        return ()
    choices = [_choice(person, approved, name) for name in columns]
    for tried in (_alone(choices), _in_twos(choices)):
        if len(tried) and (best := _best(rescorer, person, choices, tried, rule)) is not None:
            return _halved(rescorer, person, choices, best, rule)
    return ()


def _approves(rescorer: Rescorer, table: pa.Table, rule: DecisionRule) -> Any:
    return favourable(rescored(rescorer, table), rule)


def _choice(person: pa.Table, approved: pa.Table, name: str) -> _Choice:
    column = column_of(approved, name)
    if not is_number(column.type):
        mine = texts(person, name)[0].as_py()
        others = [value for value in named_categories(texts(approved, name), ()) if value != mine][:VALUES]
        values: Any = pa.array([mine, *others], pa.string())
        return _Choice(name, values, np.r_[0.0, np.ones(len(others))], 0.0)
    found = floats(approved, name)
    found = np.sort(found[np.isfinite(found)])
    low, high = np.quantile(found, (0.1, 0.9)) if found.size else (0.0, 0.0)
    spread = float(high - low) or (float(np.ptp(found)) if found.size else 0.0) or 1.0
    tried = np.unique(found[np.linspace(0, found.size - 1, min(VALUES, found.size)).astype(np.int64)])
    mine_is = float(floats(person, name)[0])
    tried = tried[tried != mine_is]
    sizes = np.abs(tried - mine_is) / spread if np.isfinite(mine_is) else np.ones(tried.size)
    known = mine_is if np.isfinite(mine_is) else None
    values = pa.array([known, *tried.tolist()], pa.float64()).cast(column.type, safe=False)
    return _Choice(name, values, np.r_[0.0, sizes], spread)


def _alone(choices: Sequence[_Choice]) -> Integers:
    """Return which value each column has in each try, shape (tries, columns); 0 is the person's own."""
    blocks = [np.zeros((0, len(choices)), np.int64)]
    for at, choice in enumerate(choices):
        block = np.zeros((len(choice.sizes) - 1, len(choices)), np.int64)
        block[:, at] = np.arange(1, len(choice.sizes))
        blocks.append(block)
    return np.concatenate(blocks)


def _in_twos(choices: Sequence[_Choice]) -> Integers:
    some = [_some(len(choice.sizes)) for choice in choices]
    blocks = [np.zeros((0, len(choices)), np.int64)]
    for one, other in combinations(range(len(choices)), 2):
        block = np.zeros((len(some[one]) * len(some[other]), len(choices)), np.int64)
        block[:, one] = np.repeat(some[one], len(some[other]))
        block[:, other] = np.tile(some[other], len(some[one]))
        blocks.append(block)
    return np.concatenate(blocks)


def _some(count: int) -> Integers:
    return np.unique(np.linspace(1, count - 1, VALUES_OF_TWO).astype(np.int64)) if count > 1 else np.zeros(0, np.int64)


def _best(
    rescorer: Rescorer, person: pa.Table, choices: Sequence[_Choice], tried: Integers, rule: DecisionRule
) -> Integers | None:
    rows = person.take(np.zeros(len(tried), np.int64))
    for at, choice in enumerate(choices):
        rows = _with(rows, choice.column, choice.values.take(tried[:, at]))
    approved = np.flatnonzero(_approves(rescorer, rows, rule))
    if not approved.size:
        return None
    sizes = sum(choice.sizes[tried[approved, at]] for at, choice in enumerate(choices))
    return np.asarray(tried[approved[np.argmin(sizes)]])


def _with(table: pa.Table, name: str, values: Any) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def _halved(
    rescorer: Rescorer, person: pa.Table, choices: Sequence[_Choice], best: Integers, rule: DecisionRule
) -> tuple[Change, ...]:
    """Bring each number that changed as near to the person's own as is still approved."""
    changed = [(choice, int(place)) for choice, place in zip(choices, best, strict=True) if place]
    row = person
    for choice, place in changed:
        row = _with(row, choice.column, choice.values.slice(place, 1))
    made = []
    for choice, place in changed:
        size = float(choice.sizes[place])
        own = choice.values[0].as_py()
        if choice.spread and own is not None and own == own:  # noqa: PLR0124 - NaN differs from itself
            row = _nearer(rescorer, row, choice, float(own), rule)
            size = abs(float(row.column(choice.column)[0].as_py()) - float(own)) / choice.spread
        made.append(Change(choice.column, row.column(choice.column)[0].as_py(), size))
    return tuple(made)


def _nearer(rescorer: Rescorer, row: pa.Table, choice: _Choice, own: float, rule: DecisionRule) -> pa.Table:
    far = float(row.column(choice.column)[0].as_py())
    whole = pa.types.is_integer(choice.values.type) or (own == round(own) and far == round(far))
    near = own
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        middle = float(round(middle)) if whole else middle
        if middle in {near, far} or abs(far - near) < 1e-3 * choice.spread * (not whole):
            break
        tried = _with(row, choice.column, pa.array([middle]).cast(choice.values.type, safe=False))
        if _approves(rescorer, tried, rule)[0]:
            row, far = tried, middle
        else:
            near = middle
    return row
