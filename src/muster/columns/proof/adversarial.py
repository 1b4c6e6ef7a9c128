"""Adversarial rows: made where a compiled model would first differ from its original, if it did.

A sample of ordinary rows proves little: a row moves to another leaf only when a value lies within a rounding of a
threshold. So each split is met from a row that reaches it, at its threshold and one float64 step to each side; linear
models are met at the decision boundary; and every column at its nulls, extremes, categories and an unknown one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoder import Encoder
from muster.columns.forms import Form, Linear, Trees
from muster.columns.plan import Encoding
from muster.records.data import ColumnType

Rows = Mapping[str, Any]
"""Rows by column: numbers as float64 with NaN for null, categories as objects with None for null."""

UNKNOWN_CATEGORY = "\ufdd0 no such category"
"""Starts with a code point that Unicode keeps for no character, so no data hold it."""

_EXTREME_INTEGER = 2.0**53 - 1
_SAMPLE = 2000
"""Rows among which one is sought that reaches each split."""
_SPREAD = 8
"""Rows on which each null, extreme and category is tried."""


class _Edit(NamedTuple):
    row: int
    column: str
    value: Any


def adversarial(
    encodings: Sequence[Encoding], form: Form, rows: Rows, threshold: float, seed: int = 0
) -> dict[str, NDArray[Any]]:
    """Return rows that differ from given ones in one value each, chosen to show any difference in deciding.

    Parameters
    ----------
    encodings, form
        The compiled model.
    rows
        Ordinary rows to start from, at least one.
    threshold
        Of the decision rule, on the score.
    seed
        Chooses the rows to start from.
    """
    count = len(rows[encodings[0].column.name])
    if count == 0:
        msg = "adversarial rows are made from ordinary ones, and there are none"
        raise ValueError(msg)
    chosen = np.random.default_rng(seed).permutation(count)[:_SAMPLE]
    base = {encoding.column.name: np.asarray(rows[encoding.column.name])[chosen] for encoding in encodings}
    matrix = Encoder(encodings, unknown="unknown").encode(base)
    edits = [*_columns(encodings, len(chosen), form), *_of_form(encodings, form, matrix, base, threshold)]
    picked = np.array([edit.row for edit in edits], np.intp)
    made = {name: values[picked] for name, values in base.items()}
    for place, edit in enumerate(edits):
        made[edit.column][place] = edit.value
    return made


def _of_form(
    encodings: Sequence[Encoding], form: Form, matrix: NDArray[np.float64], base: Rows, threshold: float
) -> Iterator[_Edit]:
    owners = [encoding for encoding in encodings for _ in range(encoding.width)]
    if isinstance(form, Trees):
        return _splits(owners, form, matrix)
    return _boundary(owners, form, matrix, base, threshold)


def _columns(encodings: Sequence[Encoding], count: int, form: Form) -> Iterator[_Edit]:
    """Every column at null, at its extremes, and at each category and an unknown one."""
    extreme = float(np.finfo(np.float64).max) if isinstance(form, Trees) else 1e12
    for encoding in encodings:
        values = _categories(encoding) if encoding.column.type is ColumnType.CATEGORY else _ends(encoding, extreme)
        for value in values:
            yield from (_Edit(row, encoding.column.name, value) for row in range(min(_SPREAD, count)))


def _categories(encoding: Encoding) -> tuple[str | None, ...]:
    null = (None,) if encoding.column.nullable else ()
    return (*encoding.categories, UNKNOWN_CATEGORY, *null)


def _ends(encoding: Encoding, extreme: float) -> tuple[float, ...]:
    column = encoding.column
    far = _EXTREME_INTEGER if column.type is ColumnType.INTEGER else extreme
    limits = (limit for limit in (column.minimum, column.maximum) if limit is not None)
    null = (np.nan,) if column.nullable else ()
    return (0.0, -far, far, *limits, *null)


def _splits(owners: Sequence[Encoding], form: Trees, matrix: NDArray[np.float64]) -> Iterator[_Edit]:
    """Each split of each tree at its threshold and one step to each side, from a row that comes to it if one does."""
    for tree in form.trees:
        for node, reaching in enumerate(tree.reach(matrix)):
            owner = owners[tree.feature[node]]
            if tree.leaf[node] or owner.column.type is ColumnType.CATEGORY or np.isinf(tree.threshold[node]):
                continue
            row = int(reaching[0]) if len(reaching) else node % len(matrix)
            raw = float(tree.threshold[node]) * owner.scale + owner.mean
            yield from (_Edit(row, owner.column.name, value) for value in _around(raw, owner.column.type))


def _around(value: float, kind: ColumnType) -> tuple[float, ...]:
    if kind is ColumnType.INTEGER:
        return tuple(np.clip(np.floor(value) + step, -_EXTREME_INTEGER, _EXTREME_INTEGER) for step in (-1.0, 0.0, 1.0))
    return value, float(np.nextafter(value, -np.inf)), float(np.nextafter(value, np.inf))


def _boundary(
    owners: Sequence[Encoding], form: Linear, matrix: NDArray[np.float64], base: Rows, threshold: float
) -> Iterator[_Edit]:
    """Rows moved along one number to the decision boundary, as near to it as float64 can tell.

    A sum of n products is known to ``n * eps * sum(|terms|)`` whatever its order (Higham, Accuracy and Stability of
    Numerical Algorithms, 2002, eq. 3.5). Nearer than that, one library disagrees with itself between batch sizes, so
    rows are placed at four times that distance on each side, where every right implementation must agree.
    """
    if not 0.0 < threshold < 1.0:
        return
    wanted = np.log(threshold) - np.log1p(-threshold)
    eps = np.finfo(np.float64).eps
    for place, owner in enumerate(owners):
        weight = float(form.weights[place])
        if owner.column.type is ColumnType.CATEGORY or abs(weight) < 1e-9:  # flat: the boundary is out of reach
            continue
        for row in range(min(4 * _SPREAD, len(matrix))):
            terms = matrix[row] * form.weights
            encoded = matrix[row, place] + (wanted - form.margins(matrix[row : row + 1])[0]) / weight
            size = np.abs(terms).sum() + abs(encoded * weight) + abs(form.intercept) + abs(wanted)
            error = eps * ((len(terms) + 4) * size + 4 / (threshold * (1 - threshold)))
            raw = encoded * owner.scale + owner.mean
            step = 4 * (error / abs(weight) * owner.scale + eps * (abs(raw) + abs(owner.mean)))
            yield from _placed(owner, row, raw, step, base)


def _placed(owner: Encoding, row: int, raw: float, step: float, base: Rows) -> Iterator[_Edit]:
    name = owner.column.name
    if owner.column.type is not ColumnType.INTEGER:
        yield from (_Edit(row, name, value) for value in (raw - step, raw + step))
    elif abs(raw) < _EXTREME_INTEGER and np.isfinite(base[name][row]):
        low = np.floor(raw - step)
        yield from (_Edit(row, name, value) for value in (low, np.ceil(raw + step)))
