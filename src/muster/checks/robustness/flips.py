"""Flips: the smallest change of one input that turns a decision, found by search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.checks.parameters import number, optional_names, whole
from muster.checks.rescored import decide
from muster.checks.robustness.changes import spread
from muster.checks.robustness.compare import Before, before, scored
from muster.columns.arrow import Bools, Floats, column_of, floats, texts
from muster.columns.sample import Sample
from muster.columns.statistics.bins import named_categories
from muster.columns.statistics.intervals import Z
from muster.records.evidence import Figure, Measurement

ANY = "any input"
MOST_CATEGORIES = 20

METHOD = (
    "For each row and number {grid} quantiles of the column are tried, then the way to the nearest that turns the "
    "decision is halved {halvings} times. Distances are in robust standard deviations of the column, and are upper "
    "bounds: a smaller change that the search did not meet may turn it too. A share counts rows whose decision turns "
    "within {reach:g}; the median is that of rows that turn at all, with the interval of its order statistics. A "
    "category is changed for every other one that is known. {account}"
)


@check("robustness.flips", version=1, parameters=("reach", "columns", "rows", "grid", "halvings"))
def flips(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Search the smallest change of a single input that turns a decision: ``flippable_share``.

    ``reach``: changes up to so many robust standard deviations count (0.25); ``columns``: which inputs (all); ``rows``:
    at most so many rows are tried (200); ``grid``: values tried of each number (33); ``halvings``: how often the way to
    the nearest is halved (8). Needs the model beside the sample; values tried are those of the training rows where
    they are beside it too.
    """
    reach = number(parameters, "reach", 0.25, least=0.0, most=100.0)
    grid, halvings = whole(parameters, "grid", 33, least=2), whole(parameters, "halvings", 8, least=0)
    rows = before(sample, parameters, most=200)
    source = sample.table if sample.companion is None else sample.companion.table
    asked = optional_names(parameters, "columns", rows.table.column_names)
    if strange := [name for name in asked if name not in rows.table.column_names]:
        msg = f"{', '.join(strange)} is no input of the model; there are {', '.join(rows.table.column_names)}"
        raise ValueError(msg)
    nearest = {name: _nearest(rows, source, name, grid, halvings) for name in asked if name in rows.numbers}
    figures = list(_numbers(nearest, reach))
    for name in asked:
        if name not in rows.numbers:
            turned = int(np.count_nonzero(_turned_by_category(rows, source, name)))
            figures.append(proportion("category_flip_share", turned, rows.scores.size, name))
    method = METHOD.format(grid=grid, halvings=halvings, reach=reach, account=rows.method)
    return Measurement(tuple(figures), method=method)


def _numbers(nearest: Mapping[str, Floats], reach: float) -> Iterator[Figure]:
    if nearest:
        best = np.fmin.reduce(list(nearest.values()))
        for name, distance in {ANY: best, **nearest}.items():
            yield proportion("flippable_share", int(np.count_nonzero(distance <= reach)), distance.size, name)
            turning = np.sort(distance[np.isfinite(distance)])
            if turning.size:
                yield _median(turning, name)


def _median(ordered: Floats, name: str) -> Figure:
    """Return the median with the 95 % interval of its order statistics (binomial ranks, normal approximation)."""
    n = ordered.size
    half = Z * np.sqrt(n) / 2
    low, high = ordered[max(int(np.floor(n / 2 - half)), 0)], ordered[min(int(np.ceil(n / 2 + half)), n - 1)]
    return Figure("median_flip_distance", float(np.median(ordered)), n, float(low), float(high), name)


def _nearest(rows: Before, source: pa.Table, name: str, grid: int, halvings: int) -> Floats:
    """Return the distance to the nearest value found that turns each decision, shape (rows,); infinite if none does."""
    values, known = floats(rows.table, name), floats(source, name)
    known = known[np.isfinite(known)]
    size = spread(known)
    if size == 0.0:
        return np.full(values.size, np.inf)
    tried = np.unique(np.quantile(known, np.linspace(0, 1, grid), method="inverted_cdf"))
    turned = _turned(rows, name, np.tile(tried, values.size), repeats=tried.size).reshape(values.size, tried.size)
    distance = np.where(turned, np.abs(tried - values[:, None]), np.inf)
    distance[np.isnan(values)] = np.inf
    place = distance.argmin(axis=1)
    able = np.isfinite(distance[np.arange(values.size), place])
    far = np.where(able, tried[place], values)
    return np.where(able, np.abs(_halved(rows, name, values, far, halvings) - values) / size, np.inf)


def _halved(rows: Before, name: str, values: Floats, far: Floats, halvings: int) -> Floats:
    """Move each value that turns its decision nearer to the row's own, as long as it goes on to turn it."""
    near, integer = values, pa.types.is_integer(column_of(rows.table, name).type)
    for _ in range(halvings):
        middle = (near + far) / 2
        if integer:
            middle = np.where(near < far, np.floor(middle), np.ceil(middle))
        turned = _turned(rows, name, middle)
        near, far = np.where(turned, near, middle), np.where(turned, middle, far)
    return far


def _turned(rows: Before, name: str, values: Floats, repeats: int = 1) -> Bools:
    """Say for each value whether it turns the decision of its row; ``repeats`` values belong to each row, in order."""
    table = rows.table if repeats == 1 else rows.table.take(np.repeat(np.arange(rows.scores.size), repeats))
    column = pa.array(values, mask=np.isnan(values))
    return _other(rows, table.set_column(table.column_names.index(name), name, column), repeats)


def _turned_by_category(rows: Before, source: pa.Table, name: str) -> Bools:
    known = named_categories(texts(source, name), (), most=MOST_CATEGORIES, fewest=1)
    turned = np.zeros(rows.scores.size, dtype=np.bool_)
    for category in known:
        values = pa.array([category] * rows.scores.size, pa.string())
        place = rows.table.column_names.index(name)
        turned |= _other(rows, rows.table.set_column(place, name, values), 1)
    return turned


def _other(rows: Before, table: pa.Table, repeats: int) -> Bools:
    scores = scored(rows.rescorer, table)
    other: Bools = decide(rows.rule, scores) != np.repeat(rows.favourable, repeats)
    return other & ~np.isnan(scores)
