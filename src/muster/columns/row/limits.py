"""Limits: which values of each column are plain, so that nothing else needs to be known of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isinf
from typing import Any, Final, NamedTuple, Protocol, runtime_checkable

from muster.columns.encoding.values import EXACT
from muster.columns.plan import Encoding
from muster.records.data import ColumnType

Values = Sequence[int | float | str | None]
"""Of one row, in the order of the inputs."""


class Span(NamedTuple):
    """Plain numbers, both ends included."""

    low: float
    high: float
    nullable: bool


class Limits(NamedTuple):
    """By column."""

    numbers: Mapping[str, Span]
    categories: Mapping[str, frozenset[str | None]]
    """None where a value may be missing."""


@runtime_checkable
class ScoresPlainly(Protocol):
    """A model that can score rows one at a time."""

    def plainly(self, limits: Limits) -> Callable[[Values], float | None] | None:
        """Return what scores a row that keeps to limits, from its raw values, with the bits that it has among others.

        It gives None, or raises KeyError or TypeError, for any other row. None instead of it: there is no such way.
        """
        ...


def widest(encodings: Sequence[Encoding]) -> Limits:
    """Return limits to which every row keeps whose categories are known, and whose numbers a float64 keeps exactly."""
    numbers, categories = {}, {}
    for encoding in encodings:
        column = encoding.column
        if is_number(encoding):
            numbers[column.name] = Span(1 - EXACT, EXACT - 1, column.nullable)
        else:
            categories[column.name] = frozenset(
                (*encoding.categories, None) if column.nullable else encoding.categories
            )
    return Limits(numbers, categories)


class Within:
    """Tells whether a row keeps to limits.

    Parameters
    ----------
    names
        Of the inputs, in the order in which a row's values come.
    limits
        What is plain.
    """

    def __init__(self, names: Sequence[str], limits: Limits) -> None:
        places = {name: at for at, name in enumerate(names)}
        self._known: Final = [(places[name], known) for name, known in limits.categories.items()]
        self._spans: Final = [(places[name], *span) for name, span in limits.numbers.items()]

    def __call__(self, values: Values) -> bool:
        """Tell it; TypeError where a value is of another kind than its column's."""
        for at, known in self._known:
            if values[at] not in known:
                return False
        for at, low, high, nullable in self._spans:
            value: Any = values[at]
            if not (value is None and nullable) and not low <= value <= high:  # not so for NaN either
                return False
        return True


class Scaled(NamedTuple):
    """How the number of one column is checked and scaled."""

    at: int
    """Place of the column in a row's values."""
    low: float
    high: float
    mean: float
    scale: float
    gone: float | None
    """What becomes of a missing number; None where none may be missing."""


def scaled(encoding: Encoding, at: int, limits: Limits) -> Scaled:
    """Return how a column of numbers is checked and scaled; raise ValueError where that is not all."""
    span = limits.numbers[encoding.column.name]
    _require_plain(encoding)
    gone = None
    if span.nullable:
        gone = float("nan") if encoding.fill is None else (encoding.fill - encoding.mean) / encoding.scale
    if isinf((EXACT + abs(encoding.mean)) / encoding.scale):
        msg = f"column {encoding.column.name}: its scale is so small that numbers leave float64"
        raise ValueError(msg)
    low, high = max(span.low, 1 - EXACT), min(span.high, EXACT - 1)
    return Scaled(at, low, high, encoding.mean, encoding.scale, gone)


def spread(encoding: Encoding, limits: Limits) -> dict[str | None, int]:
    """Return which of its places each plain category fills, -1 for none; raise ValueError where that is not all."""
    _require_plain(encoding)
    ranks: dict[str | None, int] = {name: rank for rank, name in enumerate(encoding.categories)}
    ranks[None] = len(encoding.categories) if encoding.null_place else -1
    known = limits.categories[encoding.column.name]
    if not known <= ranks.keys():
        msg = f"column {encoding.column.name}: plain categories that the model does not know"
        raise ValueError(msg)
    return {name: ranks[name] for name in known}


def is_number(encoding: Encoding) -> bool:
    """Tell columns of numbers from those of categories."""
    return encoding.column.type is not ColumnType.CATEGORY


def _require_plain(encoding: Encoding) -> None:
    if encoding.places or encoding.unread:
        msg = f"column {encoding.column.name}: more is made of it than a number, or one place a category"
        raise ValueError(msg)
