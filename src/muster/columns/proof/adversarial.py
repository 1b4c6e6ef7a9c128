"""Adversarial rows: made where a compiled model would first differ from its original, if it did.

A sample of ordinary rows proves little: a row moves to another leaf only when a value lies within a rounding of a
threshold. So each split is met from a row that reaches it, at its threshold and one float64 step to each side; linear
models are met at the decision boundary; and every column at its nulls, extremes, categories and an unknown one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoder import Encoder
from muster.columns.encoding.head import logistic
from muster.columns.forms import Form, Linear, Members, Trees
from muster.columns.mixing.encoder import MixingEncoder, encoder_of
from muster.columns.plan import Encoding, Plan, alone
from muster.columns.proof.crossings import crossings, halved, keyed
from muster.columns.proof.mixed import NEAR, met, splits, summed
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


_MOST = 200_000
"""Rows at most; of more, as many are drawn."""
_DOUBT = 1e-12
"""Scores this near to the threshold are not asked for: sums in another order differ by as much."""
_TRIES = 40


class _Edit(NamedTuple):
    row: int
    column: str
    value: Any


def adversarial(plan: Plan, form: Form, rows: Rows, seed: int = 0) -> dict[str, NDArray[Any]]:
    """Return rows that differ from given ones in one value each, chosen to show any difference in deciding.

    Rows that the plan's encoder refuses are left out: of them the served form decides nothing.

    Parameters
    ----------
    plan, form
        The compiled model.
    rows
        Ordinary rows to start from, at least one.
    seed
        Chooses the rows to start from.
    """
    encodings = plan.encodings
    count = len(rows[encodings[0].column.name])
    if count == 0:
        msg = "adversarial rows are made from ordinary ones, and there are none"
        raise ValueError(msg)
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(count)[:_SAMPLE]
    base = {encoding.column.name: np.asarray(rows[encoding.column.name])[chosen] for encoding in encodings}
    encoder = encoder_of(plan, unknown="unknown")
    matrix = encoder.encode(base)
    edits = [*_columns(encodings, base, form), *_of_form(plan, form, matrix, base)]
    if len(edits) > _MOST:
        edits = [edits[place] for place in np.sort(rng.permutation(len(edits))[:_MOST])]
    picked = np.array([edit.row for edit in edits], np.intp)
    made = {name: values[picked] for name, values in base.items()}
    for place, edit in enumerate(edits):
        made[edit.column][place] = edit.value
    made = _without(refused(encodings, made), made)
    return _without(encoder.refused(made), made) if isinstance(encoder, MixingEncoder) else made


def _without(wrong: NDArray[np.bool_], rows: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name: values[~wrong] for name, values in rows.items()} if wrong.any() else rows


def refused(encodings: Sequence[Encoding], rows: Rows) -> NDArray[np.bool_]:
    """Return which rows the encoder refuses, shape (rows,)."""
    wrong = np.zeros(len(rows[encodings[0].column.name]), np.bool_)
    for encoding in encodings:
        encoder, name = Encoder((alone(encoding),), unknown="unknown"), encoding.column.name
        if not _refuses(encoder, name, rows[name]):
            continue
        listed = rows[name].tolist()
        found = {value: _refuses(encoder, name, [value]) for value in dict.fromkeys(listed)}
        wrong |= np.array([found[value] for value in listed])
    return wrong


def _refuses(encoder: Encoder, name: str, values: Any) -> bool:
    try:
        encoder.encode({name: values})
    except ValueError:
        return True
    return False


def _of_form(plan: Plan, form: Form, matrix: NDArray[np.float64], base: Rows) -> Iterator[_Edit]:
    encodings, threshold = plan.encodings, plan.decision.threshold
    if isinstance(form, Linear) and not any(encoding.places for encoding in encodings):
        owners = [encoding for encoding in encodings for _ in range(encoding.width)]
        yield from _boundary(owners, form, matrix, base, threshold)
        return
    mixed = {output.at for mix in plan.mixes for output in mix.outputs}
    placed = [None if at in mixed else encodings[number] for at, number in enumerate(plan.owners)]
    for start, width, trees in _ensembles(form, plan.width):
        yield from _splits(placed[start : start + width], start, trees, matrix[:, start : start + width], base)
    if mixed:
        yield from (_Edit(*found) for found in met(plan, _ensembles(form, plan.width), matrix, base))
    if not isinstance(form, Trees):
        yield from _flips(plan, form, base, threshold)


def _ensembles(form: Form, width: int) -> Iterator[tuple[int, int, Trees]]:
    for member in form.each if isinstance(form, Members) else ():
        if isinstance(member.form, Trees):
            yield member.start, member.width, member.form
    if isinstance(form, Trees):
        yield 0, width, form


def _columns(encodings: Sequence[Encoding], base: Rows, form: Form) -> Iterator[_Edit]:
    """Every column at null, at its extremes, where a step changes, and at each category and an unknown one."""
    count = len(base[encodings[0].column.name])
    extreme = float(np.finfo(np.float64).max) if isinstance(form, Trees) else 1e12
    for encoding in encodings:
        values = _categories(encoding) if encoding.column.type is ColumnType.CATEGORY else _ends(encoding, extreme)
        for value in values:
            yield from (_Edit(row, encoding.column.name, value) for row in range(min(_SPREAD, count)))
        if encoding.places and encoding.column.type is not ColumnType.CATEGORY:
            yield from _changes(encoding, base[encoding.column.name])


def _changes(encoding: Encoding, sample: NDArray[np.float64]) -> Iterator[_Edit]:
    """Values at which a step changes what it does."""
    kind = encoding.column.type
    for value in keyed(encoding.places, sample):
        ends = (value,) if kind is ColumnType.NUMBER else _around(value, kind)
        yield from (_Edit(row, encoding.column.name, end) for end in ends for row in range(min(2, len(sample))))


def _categories(encoding: Encoding) -> tuple[str | None, ...]:
    null = (None,) if encoding.column.nullable else ()
    return (*encoding.categories, UNKNOWN_CATEGORY, *null)


def _ends(encoding: Encoding, extreme: float) -> tuple[float, ...]:
    column = encoding.column
    far = _EXTREME_INTEGER if column.type is ColumnType.INTEGER else extreme
    limits = (limit for limit in (column.minimum, column.maximum) if limit is not None)
    null = (np.nan,) if column.nullable else ()
    return (0.0, -far, far, *limits, *null)


def _splits(
    owners: Sequence[Encoding | None], start: int, form: Trees, matrix: NDArray[np.float64], base: Rows
) -> Iterator[_Edit]:
    """Each split of each tree at its threshold and one step to each side, from a row that comes to it if one does."""
    sought = _Sought(owners, start, form, base)
    for feature, threshold, row in splits(form, matrix):
        if (owner := owners[feature]) is not None:
            yield from (_Edit(row, owner.column.name, value) for value in sought.around(owner, feature, threshold))


class _Sought:
    """Raw values around those that an encoding makes into thresholds: all thresholds of a column are sought at once."""

    def __init__(self, owners: Sequence[Encoding | None], start: int, form: Trees, base: Rows) -> None:
        self._found: dict[tuple[int, float], list[float]] = {}
        features = np.concatenate([tree.feature[~tree.leaf] for tree in form.trees] or [np.empty(0, np.int64)])
        bounds = np.concatenate([tree.threshold[~tree.leaf] for tree in form.trees] or [np.empty(0)])
        for feature in np.unique(features).tolist():
            owner = owners[feature]
            if owner is None or not owner.places or owner.column.type is ColumnType.CATEGORY:
                continue
            (steps,) = (place.steps for place in owner.places if place.at == start + feature)
            targets = np.unique(bounds[(features == feature) & np.isfinite(bounds)])
            for target, pair in crossings(steps, targets, base[owner.column.name]):
                ends = pair if owner.column.type is ColumnType.NUMBER else _around(pair[0], owner.column.type)
                self._found.setdefault((feature, target), []).extend(ends)

    def around(self, owner: Encoding, feature: int, threshold: float) -> Sequence[float]:
        """Return raw values on both sides of a threshold of a column of that owner."""
        if owner.column.type is ColumnType.CATEGORY:
            return ()
        if owner.places:
            return self._found.get((feature, threshold), ())
        return _around(threshold * owner.scale + owner.mean, owner.column.type)


def _flips(plan: Plan, form: Linear | Members, base: Rows, threshold: float) -> Iterator[_Edit]:
    """Rows moved along one number to where the decision changes: at a jump its two sides, else as near as counts.

    Where the score is continuous, nearer than ``_DOUBT`` one library disagrees with itself between batch sizes.
    """
    encodings, encoder = plan.encodings, encoder_of(plan, unknown="unknown")
    count = min(4 * _SPREAD, len(base[encodings[0].column.name]))
    aside = NEAR if any(summed(plan).values()) else 0.0
    for encoding in encodings:
        name, known = encoding.column.name, base[encoding.column.name]
        if encoding.column.type is ColumnType.CATEGORY or not np.isfinite(known.astype(np.float64)).any():
            continue

        def scores(values: NDArray[np.float64], name: str = name) -> NDArray[np.float64]:
            changed = {other: held[:count] for other, held in base.items()} | {name: values}
            encoded = encoder.encode(changed)
            return form.scores(encoded) if isinstance(form, Members) else logistic(form.margins(encoded))

        low, high = (np.full(count, end, np.float64) for end in (np.nanmin(known), np.nanmax(known)))
        apart, whole = aside * (high - low), encoding.column.type is ColumnType.INTEGER
        try:
            yield from _sought(scores, name, (low, high), threshold, apart, whole=whole)
        except ValueError:  # a value in between is refused, and so it is when served
            continue


def _sought(
    scores: Callable[[NDArray[np.float64]], NDArray[np.float64]], name: str,
    ends: tuple[NDArray[np.float64], NDArray[np.float64]], threshold: float, apart: NDArray[np.float64], *, whole: bool,
) -> Iterator[_Edit]:  # fmt: skip
    def side(values: NDArray[np.float64]) -> NDArray[np.bool_]:
        return scores(np.floor(values) if whole else values) < threshold

    found = np.flatnonzero(side(ends[0]) != side(ends[1]))
    for end, sign in zip(halved(side, *ends), (-1.0, 1.0), strict=True):
        values = np.floor(end) if whole else end + sign * apart
        step = np.spacing(np.abs(values))
        for _ in range(_TRIES):
            near = np.abs(scores(values) - threshold) < _DOUBT
            if whole or not near.any():
                break
            values, step = np.where(near, values + sign * step, values), step * 2
        sure = ~(np.abs(scores(values) - threshold) < _DOUBT)
        yield from (_Edit(int(row), name, float(values[row])) for row in found if sure[row])


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
