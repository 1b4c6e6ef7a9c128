"""Plain: one row that every guard allows with nothing to add, told at once; any other is judged by the guards.

Nearly every request is one row that no guard has anything to say about. Each guard narrows what is allowed to what it
allows itself; what is within is beyond doubt, and what is not is nobody's loss: the guards judge it one after another.
A guard that cannot say beforehand what it allows, such as a rate, leaves nothing plain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol, runtime_checkable

from muster.columns.row.limits import Limits, Span, Values


@dataclass(slots=True)
class Bounds:
    """What every guard allows with nothing to add."""

    names: tuple[str, ...]
    """Of the columns, in the order in which the values of a row come."""
    numbers: dict[str, Span] = field(default_factory=dict)
    """By column, both ends included."""
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
        if {*bounds.names} != {*bounds.numbers, *bounds.categories} or not (bounds.scores and bounds.decisions):
            msg = "the guards do not bound every column, the score and the decision"
            raise ValueError(msg)
        self.limits: Final = Limits(bounds.numbers, bounds.categories)
        """Of each column: what a row must keep to before it is asked about any further."""
        self._rows: Final = tuple(bounds.rows)
        self._scores: Final = tuple(bounds.scores)
        self._decisions: Final = tuple(bounds.decisions)

    def row(self, values: Values) -> bool:
        """Tell it of a row that keeps to the limits."""
        return all(allowed(values) for allowed in self._rows) if self._rows else True

    def answer(self, score: float, favourable: bool, label: str) -> bool:  # noqa: FBT001 - a value
        """Tell it of what is about to be answered."""
        for allowed in self._scores:
            if not allowed(score):
                return False
        for agrees in self._decisions:  # noqa: SIM110 - all() would make a generator first
            if not agrees(score, favourable, label):
                return False
        return True
