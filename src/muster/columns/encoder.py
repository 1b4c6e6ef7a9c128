"""Encoder: raw columns to one float64 matrix, exactly as the fitted pipeline does it, with numpy alone.

Nothing is cast silently: text in a column of numbers, 67.5 in a column of integers, a boolean, an infinity or a null
where none may be is an error that names the column and the row, and never repeats the value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from muster.columns.plan import Encoding
from muster.records.data import ColumnType

Unknown = Literal["refuse", "unknown"]
"""What a category that the model was not trained on leads to: an error, or all zeros."""

_EXACT: Final = 2**53
"""Beyond this, neighbouring integers share one float64."""
_NUMBERS: Final = frozenset({int, float, type(None)})
_SCALARS: Final = (np.float64, np.float32, np.float16, np.integer)
_NOT_TEXT: Final = float("nan")
"""Equal to no category, not even to itself."""
_REFUSED: Final = -2
_UNSEEN: Final = -1


class _Number(NamedTuple):
    name: str
    place: int
    integer: bool
    nullable: bool
    fill: float | None
    mean: float
    scale: float


class _Category(NamedTuple):
    name: str
    place: int
    nullable: bool
    places: dict[str | None, int]


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
        self._numbers: list[_Number] = []
        self._categories: list[_Category] = []
        place = 0
        for encoding in encodings:
            self._add(encoding, place)
            place += encoding.width
        self._blank = [0.0] * self.width

    def _add(self, encoding: Encoding, place: int) -> None:
        column = encoding.column
        if not (np.isfinite(encoding.mean) and np.isfinite(encoding.scale) and encoding.scale > 0):
            msg = f"column {column.name!r}: mean {encoding.mean} and scale {encoding.scale} cannot standardise it"
            raise ValueError(msg)
        if column.type is not ColumnType.CATEGORY:
            integer = column.type is ColumnType.INTEGER
            step = _Number(column.name, place, integer, column.nullable, encoding.fill, encoding.mean, encoding.scale)
            self._numbers.append(step)
            return
        places: dict[str | None, int] = {name: place + rank for rank, name in enumerate(encoding.categories)}
        if column.nullable:
            places[None] = place + len(encoding.categories) if encoding.null_place else _UNSEEN
        self._categories.append(_Category(column.name, place, column.nullable, places))

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
        if rows == 1 and (row := self._ordinary_row(columns)) is not None:
            return np.array((row,))
        matrix = np.zeros((rows, self.width))
        for number in self._numbers:
            _fill_number(number, columns[number.name], matrix[:, number.place])
        for category in self._categories:
            self._fill_category(category, columns[category.name], matrix)
        return matrix

    def _rows(self, columns: Mapping[str, Any]) -> int:
        try:
            lengths = {len(columns[name]) for name in self.names}
        except KeyError as error:
            msg = f"column {error.args[0]!r} is missing: the model's inputs are {', '.join(self.names)}"
            raise ValueError(msg) from None
        if len(lengths) != 1:
            shown = ", ".join(f"{name!r} {len(columns[name])}" for name in self.names)
            msg = f"columns differ in length: {shown}"
            raise ValueError(msg)
        return lengths.pop()

    def _ordinary_row(self, columns: Mapping[str, Any]) -> list[float] | None:
        """Encode one row whose every value is plain; None sends anything else to the path that knows all cases."""
        row = self._blank.copy()
        for name, place, integer, _, _, mean, scale in self._numbers:
            value = columns[name][0]
            kind = type(value)
            if kind is not int and (integer or kind is not float):
                return None
            if not -_EXACT < value < _EXACT:  # not so for NaN either
                return None
            row[place] = (value - mean) / scale
        for name, _, _, places in self._categories:
            value = columns[name][0]
            if type(value) is not str or (found := places.get(value)) is None:
                return None
            row[found] = 1.0
        return row

    def _fill_category(self, step: _Category, values: Any, matrix: NDArray[np.float64]) -> None:
        listed = values if type(values) is list else _listed(values, step.name)
        try:
            found = np.fromiter(map(step.places.get, listed, repeat(_REFUSED)), np.intp, len(listed))
        except TypeError:  # something that cannot be a key, such as a list
            plain: list[Any] = [value if isinstance(value, str) else _NOT_TEXT for value in listed]
            found = np.fromiter(map(step.places.get, plain, repeat(_REFUSED)), np.intp, len(plain))
        for row in np.flatnonzero(found == _REFUSED).tolist():
            found[row] = self._odd_category(step, listed[row], row)
        known = np.flatnonzero(found >= 0)
        matrix[known, found[known]] = 1.0

    def _odd_category(self, step: _Category, value: Any, row: int) -> int:
        if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - only NaN differs from itself
            if step.nullable:
                return step.places[None]
            _refuse(step.name, row, "no value, and the column does not allow null")
        if not isinstance(value, str):
            _refuse(step.name, row, f"expected text, got {type(value).__name__}")
        if self._unseen == _REFUSED:
            _refuse(step.name, row, "a category that the model was not trained on")
        return _UNSEEN


def _refuse(name: str, row: int, what: str) -> None:
    msg = f"column {name!r}, row {row}: {what}"
    raise ValueError(msg)


def _listed(values: Any, name: str) -> list[Any]:
    """Return any kind of column of categories as a list of plain Python values."""
    if hasattr(values, "to_pylist"):  # Arrow
        return list(values.to_pylist())
    if not isinstance(values, np.ndarray):
        return list(values)
    if values.ndim != 1:
        msg = f"column {name!r}: expected one value a row, got an array of shape {values.shape}"
        raise ValueError(msg)
    return list(values.tolist())


def _fill_number(step: _Number, values: Any, out: NDArray[np.float64]) -> None:
    array = _from_list(step, values) if isinstance(values, (list, tuple)) else _from_array(step, values)
    null = np.isnan(array)
    if null.any():
        if not step.nullable:
            _refuse(step.name, int(null.argmax()), "no value, and the column does not allow null")
        if step.fill is not None:
            array = np.where(null, step.fill, array)
    _check_finite(step, array, null)
    with np.errstate(over="ignore"):  # what overflows is refused below
        np.subtract(array, step.mean, out=out)
        np.divide(out, step.scale, out=out)
    if (wrong := np.isinf(out)).any():
        _refuse(step.name, int(wrong.argmax()), "a number too large for the model's scale")


def _check_finite(step: _Number, array: NDArray[np.float64], null: NDArray[np.bool_]) -> None:
    if (wrong := np.isinf(array)).any():
        _refuse(step.name, int(wrong.argmax()), "an infinite number")
    if not step.integer:
        return
    if (wrong := (np.floor(array) != array) & ~null).any():
        _refuse(step.name, int(wrong.argmax()), "expected an integer, got a fraction")
    if (wrong := (np.abs(array) >= _EXACT) & ~null).any():
        _refuse(step.name, int(wrong.argmax()), "an integer beyond 2**53, which float64 cannot hold exactly")


def _from_list(step: _Number, values: Sequence[Any]) -> NDArray[np.float64]:
    kinds = set(map(type, values))
    if not kinds <= _NUMBERS:
        row = next(row for row, value in enumerate(values) if type(value) not in _NUMBERS)
        if not isinstance(values[row], _SCALARS):
            _refuse(step.name, row, f"expected a number, got {type(values[row]).__name__}")
        return _from_list(step, [value.item() if isinstance(value, np.generic) else value for value in values])
    try:
        array = np.array(values, dtype=np.float64)  # None becomes NaN
    except OverflowError:
        array = np.full(len(values), np.inf)
    if int in kinds:
        _check_exact(step, values, np.flatnonzero(np.abs(array) >= _EXACT).tolist())
    return array


def _check_exact(step: _Number, values: Sequence[Any], large: list[int]) -> None:
    for row in large:
        if type(values[row]) is int and not -_EXACT < values[row] < _EXACT:
            _refuse(step.name, row, "an integer beyond 2**53, which float64 cannot hold exactly")


def _from_array(step: _Number, values: Any) -> NDArray[np.float64]:
    array = np.asarray(values)
    if array.ndim != 1:
        msg = f"column {step.name!r}: expected one value a row, got an array of shape {array.shape}"
        raise ValueError(msg)
    if array.dtype.kind == "O":
        return _from_list(step, array.tolist())
    if array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        msg = f"column {step.name!r}: expected numbers, got an array of {array.dtype}"
        raise ValueError(msg)
    if array.dtype.kind in "iu" and (wrong := (array >= _EXACT) | (array <= -_EXACT)).any():
        _refuse(step.name, int(wrong.argmax()), "an integer beyond 2**53, which float64 cannot hold exactly")
    return array.astype(np.float64, copy=False)
