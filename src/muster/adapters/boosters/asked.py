"""Asked: which categories a model's questions are true of, found by asking the model about each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.placed import picked
from muster.columns.encoding.steps import Place
from muster.columns.plan import Encoding
from muster.records.data import Column, ColumnType

UNSEEN: Final = "\ufdd0 no such category"

Question = tuple[int, int]
"""Number of the column among those of categories, and what is asked of it."""


class Asking(Protocol):
    """A model that says how its questions about categories are answered."""

    @property
    def categories(self) -> Collection[int]:
        """Places of the columns that hold categories."""
        ...

    def asks(self, rows: NDArray[Any]) -> list[dict[Question, bool]]:
        """Return the answers for each row; raise ValueError where the model does not read one."""
        ...


def told_apart(
    model: Asking, columns: Sequence[Column], places: Mapping[int, int], at: Mapping[Question, int]
) -> dict[int, Encoding]:
    """Return the encoding of each column of categories, by its place.

    Parameters
    ----------
    columns
        Declared inputs, in the order of the model.
    places
        Place of each column of categories, by its number among them.
    at
        Which column of the matrix answers each question.

    Raises
    ------
    ValueError
        Where a question is true of no declared category, or one cannot be asked about.
    """
    return {
        place: _told(model, columns, place, [question for question in at if question[0] == number], at)
        for number, place in places.items()
    }


def _told(
    model: Asking, columns: Sequence[Column], place: int, questions: Sequence[Question], at: Mapping[Question, int]
) -> Encoding:
    column = columns[place]
    if not questions:
        return Encoding(column, unread=True)
    if column.type is not ColumnType.CATEGORY:
        msg = f"muster cannot compile {column.name}: the model reads its integers as categories, whichever they are"
        raise ValueError(msg)
    answers = [_answers(model, columns, place, value) for value in (*column.categories, UNSEEN)]
    null = _null(model, columns, place) if column.nullable else None
    made = []
    for question in questions:
        *known, unseen = (each[question] for each in answers)
        if not any((*known, unseen)):
            msg = f"muster cannot compile {column.name}: the model asks for a category that is not declared"
            raise ValueError(msg)
        of_null = null is not None and null[question]
        made.append(Place(at[question], (picked([*known, of_null, unseen], 0.0),)))
    return Encoding(column, categories=column.categories, null_place=null is not None, places=tuple(made))


def _answers(model: Asking, columns: Sequence[Column], place: int, value: str | None) -> dict[Question, bool]:
    """Ask about one category; whatever stands in the other columns changes no answer about this one."""
    row = np.array([UNSEEN if other in model.categories else 0.0 for other in range(len(columns))], object)
    row[place] = value
    (found,) = model.asks(row[None])
    return found


def _null(model: Asking, columns: Sequence[Column], place: int) -> dict[Question, bool] | None:
    try:
        return _answers(model, columns, place, None)
    except ValueError:  # the model refuses it, and so will what is served
        return None
