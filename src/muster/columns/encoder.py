"""Encoder: raw columns to one float64 matrix, exactly as the fitted pipeline does it, with numpy alone.

Nothing is cast silently: text in a column of numbers, 67.5 in a column of integers, a boolean, an infinity or a null
where none may be is an error that names the column and the row, and never repeats the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from math import inf, isinf
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.coded import Coded
from muster.columns.encoding.placed import PlacedCategory, PlacedNumber
from muster.columns.encoding.values import EXACT, Number, listed, numbers_of, refuse
from muster.columns.many.dense import FEW, dense_of, layout_of
from muster.columns.many.filling import Filling, Ranked
from muster.columns.plan import Encoding
from muster.records.data import ColumnType

Unknown = Literal["refuse", "unknown"]
"""What a category that the model was not trained on leads to: an error, or all zeros."""

_NOT_TEXT: Final = float("nan")
"""Equal to no category, not even to itself."""

_REFUSED: Final = -2
_UNSEEN: Final = -1


class _Category(NamedTuple):
    name: str
    place: int
    nullable: bool
    closed: bool
    places: dict[str | None, int]
    """Where each category goes, or its rank where the plan says more of it."""


class Encoder:
    """The compiled form of a plan's encodings; one instance serves many threads.

    Parameters
    ----------
    encodings
        In matrix order.
    unknown
        ``refuse`` raises ValueError on a category that is in no encoding; ``unknown`` encodes it as all zeros.
    """

    def __init__(self, encodings: Sequence[Encoding], unknown: Unknown = "refuse") -> None:
        if unknown not in ("refuse", "unknown"):
            msg = f"unknown categories can be met with 'refuse' or 'unknown', not {unknown!r}: mend the policy"
            raise ValueError(msg)
        self.width: Final = sum(encoding.width for encoding in encodings)
        self.names: Final = tuple(encoding.column.name for encoding in encodings)
        self._unseen = _UNSEEN if unknown == "unknown" else _REFUSED
        self._numbers: list[Number] = []
        self._categories: list[_Category] = []
        self._placed_numbers: list[tuple[Number, PlacedNumber]] = []
        self._placed_categories: list[tuple[_Category, PlacedCategory]] = []
        place = 0
        for encoding in encodings:
            if encoding.unread:
                continue
            (self._add_placed if encoding.places else self._add)(encoding, place)
            place += encoding.width
        self._blank = [0.0] * self.width
        self._place_of = {name: at for at, name in enumerate(self.names)}
        self._plain_numbers = [
            (self._place_of[n.name], n.place, n.integer, n.mean, n.scale, _gone(n)) for n in self._numbers
        ]
        self._plain_categories = [(self._place_of[each.name], each.places) for each in self._categories]
        self._overflows = any(isinf((EXACT + abs(number.mean)) / number.scale) for number in self._numbers)
        self._placed = bool(self._placed_numbers or self._placed_categories)
        self._all_plain = all(placed.plain for _, placed in self._placed_numbers)
        self._layout = layout_of(tuple(encoding.column for encoding in encodings))
        self._filling = Filling(
            self._layout,
            self.width,
            self._numbers,
            [Ranked(each.name, each.places) for each in self._categories],
            self._placed_numbers,
            [(Ranked(each.name, each.places, each.place), placed) for each, placed in self._placed_categories],
        )

    def _add(self, encoding: Encoding, place: int) -> None:
        column = encoding.column
        if not (np.isfinite(encoding.mean) and np.isfinite(encoding.scale) and encoding.scale > 0):
            msg = f"column {column.name!r}: mean {encoding.mean} and scale {encoding.scale} cannot standardise it"
            raise ValueError(msg)
        if column.type is not ColumnType.CATEGORY:
            integer = column.type is ColumnType.INTEGER
            step = Number(column.name, place, integer, column.nullable, encoding.fill, encoding.mean, encoding.scale)
            self._numbers.append(step)
            return
        places: dict[str | None, int] = {name: place + rank for rank, name in enumerate(encoding.categories)}
        if column.nullable:
            places[None] = place + len(encoding.categories) if encoding.null_place else _UNSEEN
        self._categories.append(_Category(column.name, place, column.nullable, closed=False, places=places))

    def _add_placed(self, encoding: Encoding, place: int) -> None:
        column, count = encoding.column, len(encoding.categories)
        if column.type is not ColumnType.CATEGORY:
            integer = column.type is ColumnType.INTEGER
            step = Number(column.name, place, integer, column.nullable, fill=None, mean=0.0, scale=1.0)
            self._placed_numbers.append((step, PlacedNumber(encoding.places)))
            return
        ranks: dict[str | None, int] = {name: rank for rank, name in enumerate(encoding.categories)}
        if nullable := column.nullable and encoding.null_place:
            ranks[None] = count
        made = _Category(column.name, count + 1, nullable, closed=encoding.closed, places=ranks)
        self._placed_categories.append((made, PlacedCategory(count, encoding.places)))

    def encode(self, columns: Mapping[str, Any]) -> NDArray[np.float64]:
        """Encode rows given by column.

        Parameters
        ----------
        columns
            Name to values: a list, a numpy array or an Arrow array, all of one length. None, NaN and Arrow nulls are
            null. Columns that are not inputs are left aside.

        Returns
        -------
        Matrix of shape (rows, width) in C order.

        Raises
        ------
        ValueError
            Where a column is missing, has another length, or holds what it must not; names the column and the row.
        """
        rows = self._rows(columns)
        if 0 < rows <= FEW and (plain := self._ordinary(columns, rows)):
            return np.array(plain)
        dense = dense_of(columns, self._layout)
        if dense is not None and (filled := self._filling.fill(dense)) is not None:
            return filled
        matrix = np.zeros((rows, self.width))
        for number in self._numbers:
            _fill_number(number, columns[number.name], matrix[:, number.place])
        for category in self._categories:
            found = self._found(category, columns[category.name])
            known = np.flatnonzero(found >= 0)
            matrix[known, found[known]] = 1.0
        for number, placed in self._placed_numbers:
            values = numbers_of(number, columns[number.name])
            try:
                placed.fill(values, matrix)
            except ValueError as error:
                refuse(number.name, error.args[1], error.args[0])
        for category, ranked in self._placed_categories:
            found = self._found(category, columns[category.name])
            ranked.fill(np.where(found == _UNSEEN, category.place, found), matrix)
        return matrix

    def _rows(self, columns: Mapping[str, Any]) -> int:
        try:
            lengths = set(map(len, map(columns.__getitem__, self.names)))
        except KeyError as error:
            msg = f"column {error.args[0]!r} is missing: the model's inputs are {', '.join(self.names)}"
            raise ValueError(msg) from None
        if len(lengths) != 1:
            shown = ", ".join(f"{name!r} {len(columns[name])}" for name in self.names)
            msg = f"columns differ in length: {shown}"
            raise ValueError(msg)
        return lengths.pop()

    def _ordinary(self, columns: Mapping[str, Any], rows: int) -> list[list[float]]:
        """Encode few rows one by one, which takes less than numpy does; none where one of them is not plain."""
        found = []
        for values in zip(*map(columns.__getitem__, self.names), strict=False):
            row = self.row(values)
            if row is None:
                return []
            found.append(row)
        return found if len(found) == rows else []

    def row(self, values: Sequence[Any]) -> list[float] | None:
        """Encode one row, its values in the order of ``names``; None sends it to ``encode``, which knows all cases."""
        if self._overflows:
            return None
        row = self._blank.copy()
        filled = self._number_row(values, row) and self._category_row(values, row)
        return row if filled and (not self._placed or self._placed_row(values, row)) else None

    def _number_row(self, values: Sequence[Any], row: list[float]) -> bool:
        """Fill in the numbers of one row; False where a value is not plain."""
        for at, place, integer, mean, scale, gone in self._plain_numbers:
            value = values[at]
            kind = type(value)
            if value is None and gone is not None:
                row[place] = gone
            elif (kind is int or (kind is float and not integer)) and -EXACT < value < EXACT:  # not so for NaN either
                row[place] = (value - mean) / scale
            else:
                return False
        return True

    def _category_row(self, values: Sequence[Any], row: list[float]) -> bool:
        """Fill in the categories of one row; False where a value is not plain."""
        for at, places in self._plain_categories:
            value = values[at]
            if (type(value) is not str and value is not None) or (found := places.get(value)) is None:
                return False
            if found >= 0:
                row[found] = 1.0
        return True

    def _placed_row(self, values: Sequence[Any], row: list[float]) -> bool:
        """Fill the places of one row; False where a value is not plain."""
        at = self._place_of
        return (
            self._all_plain
            and all(
                _fill_plain(number, placed, values[at[number.name]], row) for number, placed in self._placed_numbers
            )
            and all(_fill_rank(step, ranked, values[at[step.name]], row) for step, ranked in self._placed_categories)
        )

    def _found(self, step: _Category, values: Any) -> NDArray[np.intp]:
        """Return where each row's category goes, or its rank; -1 where that is unknown and may be so."""
        if isinstance(values, Coded):
            return self._decoded(step, values)
        texts = values if type(values) is list else listed(values, step.name)
        try:
            found = np.fromiter(map(step.places.get, texts, repeat(_REFUSED)), np.intp, len(texts))
        except TypeError:  # something that cannot be a key, such as a list
            plain: list[Any] = [value if isinstance(value, str) else _NOT_TEXT for value in texts]
            found = np.fromiter(map(step.places.get, plain, repeat(_REFUSED)), np.intp, len(plain))
        for row in np.flatnonzero(found == _REFUSED).tolist():
            found[row] = self._odd_category(step, texts[row], row)
        return found

    def _decoded(self, step: _Category, values: Coded) -> NDArray[np.intp]:
        """Look each name up once, however many rows hold it."""
        plain: list[Any] = [name if name is None or isinstance(name, str) else _NOT_TEXT for name in values.names]
        table = np.array([step.places.get(name, _REFUSED) for name in plain], np.intp)
        odd = np.flatnonzero(table == _REFUSED)
        for row in np.flatnonzero(np.isin(values.codes, odd)).tolist() if len(odd) else ():
            if table[values.codes[row]] == _REFUSED:
                table[values.codes[row]] = self._odd_category(step, values[row], row)
        return table[values.codes]

    def _odd_category(self, step: _Category, value: Any, row: int) -> int:
        if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - only NaN differs from itself
            if step.nullable:
                return step.places[None]
            refuse(step.name, row, "no value, and the column does not allow null")
        if not isinstance(value, str):
            refuse(step.name, row, f"expected text, got {type(value).__name__}")
        if self._unseen == _REFUSED or step.closed:
            refuse(step.name, row, "a category that the model was not trained on")
        return _UNSEEN


def _gone(step: Number) -> float | None:
    """Return what a missing number becomes; None where none may be missing, or what becomes of it is no number."""
    if not step.nullable:
        return None
    made = float("nan") if step.fill is None else (step.fill - step.mean) / step.scale
    return None if made in (inf, -inf) else made


def _fill_plain(step: Number, placed: PlacedNumber, value: Any, row: list[float]) -> bool:
    kind = type(value)
    if (kind is not int and (step.integer or kind is not float)) or not -EXACT < value < EXACT:
        return False
    return placed.fill_row(value, row)


def _fill_rank(step: _Category, ranked: PlacedCategory, value: Any, row: list[float]) -> bool:
    if type(value) is not str or (rank := step.places.get(value)) is None:
        return False
    ranked.fill_row(rank, row)
    return True


def _fill_number(step: Number, values: Any, out: NDArray[np.float64]) -> None:
    array = numbers_of(step, values)
    with np.errstate(over="ignore"):  # what overflows is refused below
        np.subtract(array, step.mean, out=out)
        np.divide(out, step.scale, out=out)
    if (wrong := np.isinf(out)).any():
        refuse(step.name, int(wrong.argmax()), "a number too large for the model's scale")
