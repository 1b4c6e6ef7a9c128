"""Profile: integer counts of columns in bins that were frozen with a reference; the one source of drift figures.

A profile of reference rows fixes the bins (:meth:`Profile.of`); any later rows are counted against the same bins
(:meth:`Profile.count`); profiles with the same bins merge by addition, exactly, over replicas and over time. It holds
no row and no extreme value, and goes into the ledger as plain JSON values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from muster.columns.arrow import Floats, Integers, floats, table_of, texts
from muster.columns.statistics.bins import (
    FEWEST_ROWS,
    MOST_BINS,
    count_numbers,
    count_texts,
    named_categories,
    quantile_edges,
)
from muster.records.data import Column, ColumnType

VERSION = 1
"""Form of the JSON body."""


@dataclass(frozen=True, slots=True)
class ColumnCounts:
    """Counts of one column in frozen bins: ``edges`` of a numeric column, or named ``categories`` of any other."""

    counts: Integers
    """Rows a bin, shape (edges + 1,) or (categories + 1,); the last of a category column are all other values."""
    nulls: int
    edges: Floats | None = None
    categories: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """All rows, missing values among them."""
        return int(self.counts.sum()) + self.nulls

    def same_bins(self, other: ColumnCounts) -> bool:
        """Say whether the two were counted against the same bins."""
        if self.edges is None or other.edges is None:
            return self.edges is other.edges and self.categories == other.categories
        return np.array_equal(self.edges, other.edges)

    def to_body(self) -> dict[str, Any]:
        """Return JSON values; whole numbers are written without a fraction."""
        body: dict[str, Any] = {"counts": self.counts.tolist(), "nulls": self.nulls}
        if self.edges is None:
            return {"kind": "category", "categories": list(self.categories), **body}
        return {"kind": "number", "edges": [_short(edge) for edge in self.edges.tolist()], **body}


@dataclass(frozen=True, slots=True)
class Profile:
    """Counts of several columns over the same rows."""

    rows: int
    columns: Mapping[str, ColumnCounts]

    @classmethod
    def of(cls, data: Any, columns: Sequence[Column], *, most: int = MOST_BINS, fewest: int = FEWEST_ROWS) -> Profile:
        """Freeze bins from reference rows and count those rows.

        Parameters
        ----------
        data
            Arrow data, the reference.
        columns
            Which columns, and whether each is a number or a category; categories declared there are always named.
        most, fewest
            Largest number of bins of a column, smallest number of reference rows in a bin.

        Raises
        ------
        ValueError
            If a column is absent or does not hold what it is said to hold.
        """
        table = table_of(data)
        counted: dict[str, ColumnCounts] = {}
        for column in columns:
            if column.type is ColumnType.CATEGORY:
                values = texts(table, column.name)
                categories = named_categories(values, column.categories, fewest=fewest)
                counts, nulls = count_texts(values, categories)
                counted[column.name] = ColumnCounts(counts, nulls, None, categories)
            else:
                numbers = floats(table, column.name)
                edges = quantile_edges(numbers, most=most, fewest=fewest)
                counted[column.name] = ColumnCounts(*count_numbers(numbers, edges), edges)
        return cls(table.num_rows, counted)

    def count(self, data: Any, names: Iterable[str] | None = None) -> Profile:
        """Count other rows against these bins, of all columns or of those named; raise ValueError if one is absent."""
        table = table_of(data)
        wanted = self.columns if names is None else {name: self.columns[name] for name in names}
        return Profile(table.num_rows, {name: _count(table, name, bins) for name, bins in wanted.items()})

    def __add__(self, other: Profile) -> Profile:
        """Return the profile of the rows of both; raise ValueError where their columns or bins differ."""
        if self.columns.keys() != other.columns.keys():
            odd = sorted(self.columns.keys() ^ other.columns.keys())
            msg = f"these profiles hold different columns and cannot be added: {', '.join(odd)} is in one of them only"
            raise ValueError(msg)
        return Profile(
            self.rows + other.rows,
            {name: _sum(name, mine, other.columns[name]) for name, mine in self.columns.items()},
        )

    def to_body(self) -> dict[str, Any]:
        """Return JSON values for the ledger."""
        columns = {name: column.to_body() for name, column in self.columns.items()}
        return {"v": VERSION, "rows": self.rows, "columns": columns}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Profile:
        """Read what :meth:`to_body` wrote; raise ValueError where it is not a profile or its counts do not add up."""
        if body.get("v") != VERSION:
            msg = f"profile of form {body.get('v')!r}: this muster reads form {VERSION}"
            raise ValueError(msg)
        try:
            rows = int(body["rows"])
            columns = {str(name): _read(column) for name, column in body["columns"].items()}
        except (KeyError, TypeError, AttributeError) as problem:
            msg = f"not a profile: {problem!r} is missing or of a wrong type"
            raise ValueError(msg) from problem
        for name, column in columns.items():
            _verify(name, column, rows)
        return cls(rows, columns)


def _count(table: Any, name: str, bins: ColumnCounts) -> ColumnCounts:
    if bins.edges is None:
        return ColumnCounts(*count_texts(texts(table, name), bins.categories), None, bins.categories)
    return ColumnCounts(*count_numbers(floats(table, name), bins.edges), bins.edges)


def _sum(name: str, mine: ColumnCounts, other: ColumnCounts) -> ColumnCounts:
    if not mine.same_bins(other):
        msg = f"column {name!r} was counted in different bins: only profiles of one reference can be added"
        raise ValueError(msg)
    return ColumnCounts(mine.counts + other.counts, mine.nulls + other.nulls, mine.edges, mine.categories)


def _read(body: Mapping[str, Any]) -> ColumnCounts:
    counts = np.asarray(body["counts"], dtype=np.int64)
    if body["kind"] == "category":
        return ColumnCounts(counts, int(body["nulls"]), None, tuple(map(str, body["categories"])))
    return ColumnCounts(counts, int(body["nulls"]), np.asarray(body["edges"], dtype=np.float64))


def _verify(name: str, column: ColumnCounts, rows: int) -> None:
    bins = len(column.categories) if column.edges is None else column.edges.size
    if column.counts.shape != (bins + 1,) or (column.counts < 0).any() or column.nulls < 0:
        msg = f"profile column {name!r}: {column.counts.size} counts for {bins + 1} bins, or a negative count"
        raise ValueError(msg)
    if column.edges is not None and not (np.isfinite(column.edges).all() and (np.diff(column.edges) > 0).all()):
        msg = f"profile column {name!r}: edges must be finite and increase"
        raise ValueError(msg)
    if column.rows != rows:
        msg = f"profile column {name!r}: counts add up to {column.rows} rows, the profile says {rows}"
        raise ValueError(msg)


def _short(edge: float) -> float | int:
    return int(edge) if edge.is_integer() and abs(edge) < 2**53 else edge
