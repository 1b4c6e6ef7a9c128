"""Track: one column of a matrix under way through a pipeline, known by where it came from and what was done to it.

A column of numbers is known by its steps. A column of texts has finitely many values that a model tells apart, so that
it is known by what became of each: scikit-learn itself works that out, once, while the model is compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from muster.columns.encoding.steps import LOGARITHMS, NULLS, Step, run
from muster.records.data import Column, ColumnType

UNSEEN: Final = "\ufdd0 no such category"
"""Stands for every text that the model was not trained on."""


class Refused:
    """Stands where the pipeline raises for a value."""

    __slots__ = ()


REFUSED: Final = Refused()


class Grow(Exception):  # noqa: N818 - no fault: the reading begins again with more categories
    """A transformer tells texts apart that were not known to be in a column: ``args`` are its name and they."""


@dataclass(frozen=True, slots=True)
class Made:
    """How a column is made of several others: the word of a mix, what it reads, its numbers, which of its results."""

    op: str
    of: tuple[Track, ...]
    numbers: tuple[float, ...]
    result: int


@dataclass(frozen=True, slots=True)
class Track:
    """One column of a matrix under way."""

    source: str
    nullable: bool
    """Whether it can be NaN or None."""
    steps: tuple[Step, ...] = ()
    table: tuple[Any, ...] | None = None
    """For a column of texts: what became of each category, of null, and of every other text; None for numbers."""
    made: Made | None = None
    """For a column that is made of several: how; its steps come after that."""

    @property
    def is_text(self) -> bool:
        """Whether it still holds texts."""
        return self.table is not None and any(isinstance(value, str) for value in self.table)

    def then(self, *steps: Step) -> Track:
        """Return the column after further steps."""
        if self.table is None:
            nullable = self.nullable
            for step in steps:
                nullable = (nullable or step.op in LOGARITHMS) and step.op not in NULLS
                nullable = nullable or (step.op == "pick" and None in step.numbers)
            return replace(self, steps=(*self.steps, *steps), nullable=nullable)
        return self.become([_after(value, steps) for value in self.table])

    def present(self) -> Track:
        """Return the column where it may not be missing from here on."""
        return self.then(Step("present")) if self.nullable else self

    def become(self, table: Sequence[Any]) -> Track:
        """Return a column of texts after something was done to each of its values."""
        missing = any(value is None or (isinstance(value, float) and np.isnan(value)) for value in table)
        return replace(self, table=tuple(table), nullable=missing)


def mixed(op: str, tracks: Sequence[Track], numbers: Sequence[float], results: int) -> list[Track]:
    """Return the columns that a mix makes of columns; none of them is ever missing."""
    source, held = ", ".join(dict.fromkeys(track.source for track in tracks)), tuple(map(float, numbers))
    return [Track(source, nullable=False, made=Made(op, tuple(tracks), held, at)) for at in range(results)]


def begun(column: Column, categories: Sequence[str]) -> Track:
    """Return an input column before anything was done to it."""
    if column.type is not ColumnType.CATEGORY:
        return Track(column.name, column.nullable)
    return Track(column.name, nullable=True, table=(*categories, None, UNSEEN))


def require_numbers(tracks: Sequence[Track], what: str) -> None:
    """Raise ValueError where a step that reads numbers is given texts."""
    if texts := sorted({track.source for track in tracks if track.is_text}):
        msg = f"muster cannot compile {what} of {', '.join(texts)}, which hold text there"
        raise ValueError(msg)


def _after(value: Any, steps: Sequence[Step]) -> Any:
    if value is REFUSED:
        return REFUSED
    made = np.array([np.nan if value is None else value], np.float64)
    try:
        for step in steps:
            made = run(step, made)
    except ValueError:
        return REFUSED
    return float(made[0])
