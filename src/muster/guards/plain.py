"""Plain: one row that every guard allows with nothing to add, told at once; any other is judged by the guards.

Nearly every request is one row that no guard has anything to say about. Each guard narrows what is allowed to what it
allows itself; what is within is beyond doubt, and what is not is nobody's loss: the guards judge it one after another.
A guard that cannot say beforehand what it allows, such as a rate, leaves nothing plain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, runtime_checkable

Values = Sequence[int | float | str | None]
"""Of one row."""


@dataclass(slots=True)
class Span:
    """Numbers that are allowed, both ends included."""

    low: float
    high: float
    nullable: bool

    def narrow(self, low: float, high: float) -> None:
        """Allow no others than before, and none outside of another span."""
        self.low, self.high = max(self.low, low), min(self.high, high)


@dataclass(slots=True)
class Bounds:
    """What every guard allows with nothing to add."""

    names: tuple[str, ...]
    """Of the columns, in the order in which the values of a row come."""
    numbers: dict[str, Span] = field(default_factory=dict)
    """By column."""
    categories: dict[str, frozenset[str | None]] = field(default_factory=dict)
    """By column; None where a value may be missing."""
    rows: list[Callable[[Values], bool]] = field(default_factory=list)
    """Each tells whether a row is allowed that keeps to the above."""
    scores: list[Callable[[float], bool]] = field(default_factory=list)
    """Each tells whether a score is allowed."""
    decisions: list[Callable[[float, bool, str], bool]] = field(default_factory=list)
    """Each tells whether a decision is: the score, whether it is favourable, and its label."""


@runtime_checkable
class Narrows(Protocol):
    """A guard that can say beforehand which rows it allows with nothing to add."""

    def narrow(self, bounds: Bounds) -> bool:
        """Narrow what is allowed to what this guard allows; False where that cannot be said."""
        ...


class Plain:
    """Tells of one row, and of what became of it, whether every guard would allow it with nothing to add.

    Parameters
    ----------
    bounds
        What all guards allow.

    Raises
    ------
    ValueError
        If a column has no bounds, or nothing is said of scores or decisions.
    """

    def __init__(self, bounds: Bounds) -> None:
        names = bounds.names
        if {*names} != {*bounds.numbers, *bounds.categories} or not (bounds.scores and bounds.decisions):
            msg = "the guards do not bound every column, the score and the decision"
            raise ValueError(msg)
        spans = [(at, bounds.numbers[name]) for at, name in enumerate(names) if name in bounds.numbers]
        self._full: Final = [(at, span.low, span.high) for at, span in spans if not span.nullable]
        self._sparse: Final = [(at, span.low, span.high) for at, span in spans if span.nullable]
        self._known: Final = [
            (at, bounds.categories[name]) for at, name in enumerate(names) if name in bounds.categories
        ]
        self._rows: Final = tuple(bounds.rows)
        self._scores: Final = tuple(bounds.scores)
        self._decisions: Final = tuple(bounds.decisions)

    def row(self, values: Values) -> bool:
        """Tell it of the values of one row; TypeError where one is of another kind than its column says."""
        for at, known in self._known:
            if values[at] not in known:
                return False
        for at, low, high in self._full:
            if not low <= values[at] <= high:  # type: ignore[operator] # not so for NaN either; TypeError as said
                return False
        for at, low, high in self._sparse:
            value = values[at]
            if value is not None and not low <= value <= high:  # type: ignore[operator] # as above
                return False
        return all(allowed(values) for allowed in self._rows) if self._rows else True

    def answer(self, score: float, favourable: bool, label: str) -> bool:  # noqa: FBT001 - a value
        """Tell it of what is about to be answered."""
        for allowed in self._scores:
            if not allowed(score):
                return False
        for agrees in self._decisions:  # a loop, because all() would make a generator first  # noqa: SIM110
            if not agrees(score, favourable, label):
                return False
        return True
