"""Groups of people by one attribute: integer codes with names; who cannot be placed is in the group ``unknown``."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from muster.columns.arrow import Bools, Integers, column_of, floats, is_number, texts

UNKNOWN = "unknown"
"""Name of the group of those whose membership is missing; it is never dropped and never the reference."""

MOST_GROUPS = 50
"""An attribute with more values than this needs bands."""

FIRST_ROWS = 1000

FORMATS = {"year": "%Y", "quarter": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
"""Calendar periods, and how they are written."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which group each row belongs to. The last name is always :data:`UNKNOWN`, often with nobody in it."""

    attribute: str
    codes: NDArray[np.int32]
    """Place in ``names``, shape (rows,)."""
    names: tuple[str, ...]

    def counts(self, where: Bools | None = None) -> Integers:
        """Count rows a group, of all rows or of those where the mask is True; shape (groups,)."""
        codes = self.codes if where is None else self.codes[where]
        return np.bincount(codes, minlength=len(self.names)).astype(np.int64)

    def label(self, code: int) -> str:
        """Return the name that figures carry, such as ``AGE=25-34``."""
        return f"{self.attribute}={self.names[code]}"

    def code(self, name: str) -> int:
        """Return the place of a group given as ``25-34`` or ``AGE=25-34``; raise ValueError naming those known."""
        plain = name.removeprefix(f"{self.attribute}=")
        if plain not in self.names:
            msg = f"{self.attribute} has no group {name!r}; its groups are {', '.join(self.names)}"
            raise ValueError(msg)
        return self.names.index(plain)


def group_by(table: pa.Table, attribute: str, bands: Sequence[float] | None = None) -> Grouping:
    """Place every row in a group.

    Parameters
    ----------
    table
        Holds the column ``attribute``.
    attribute
        Column of text, integers or booleans, each value a group; or of numbers, with bands.
    bands
        Increasing lower limits of all groups but the first: ``[25, 35]`` gives under 25, 25-34, 35 and over.

    Raises
    ------
    ValueError
        If the column is absent, bands do not increase, or there are more than ``MOST_GROUPS`` values and no bands.
    """
    return _by_value(table, attribute) if bands is None else _by_band(table, attribute, bands)


def band_names(bands: Sequence[float], *, whole: bool) -> tuple[str, ...]:
    """Name the bands: ``25-34`` where values are whole numbers, ``25 to under 35`` where they are not."""
    inner = tuple(
        (f"{low:g}" if high - 1 == low else f"{low:g}-{high - 1:g}") if whole else f"{low:g} to under {high:g}"
        for low, high in itertools.pairwise(bands)
    )
    return (f"under {bands[0]:g}", *inner, f"{bands[-1]:g} and over")


def _by_band(table: pa.Table, attribute: str, bands: Sequence[float]) -> Grouping:
    limits = np.asarray(bands, dtype=np.float64)
    if limits.ndim != 1 or limits.size == 0 or not np.isfinite(limits).all() or (np.diff(limits) <= 0).any():
        msg = f"bands of {attribute} must be numbers that increase, such as [25, 35, 50]; got {list(bands)}"
        raise ValueError(msg)
    values = floats(table, attribute)
    whole = pa.types.is_integer(column_of(table, attribute).type) and bool((limits == np.floor(limits)).all())
    names = (*band_names([float(limit) for limit in limits], whole=whole), UNKNOWN)
    codes = np.searchsorted(limits, values, side="right").astype(np.int32)
    codes[np.isnan(values)] = len(names) - 1
    return Grouping(attribute, codes, names)


def by_period(table: pa.Table, time: str, unit: str) -> Grouping:
    """Place every row in the calendar period of its time, in order; rows without a time are ``unknown``.

    Parameters
    ----------
    time
        Column of dates or timestamps; or of periods as they are, such as ``2015`` or ``2024-Q3``, which sort as text.
    unit
        ``year``, ``quarter``, ``month`` or ``day``, for dates and timestamps only.

    Raises
    ------
    ValueError
        If the column is absent, the unit is none of these, or there are more than ``MOST_GROUPS`` periods.
    """
    if unit not in FORMATS:
        msg = f"there is no period {unit!r}; there are {', '.join(FORMATS)}"
        raise ValueError(msg)
    column = column_of(table, time)
    if not (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
        return _by_value(table, time)
    # Coded first, formatted after: there are few different days, and formatting a time takes a microsecond.
    encoded: Any = pc.dictionary_encode(pc.cast(column, pa.date32(), safe=False)).combine_chunks()
    named: Any = pc.strftime(encoded.dictionary, format=FORMATS[unit])
    if unit == "quarter":
        quarters: Any = pc.cast(pc.quarter(encoded.dictionary), pa.string())
        named = pc.binary_join_element_wise(named, quarters, "-Q")
    return _by_value(pa.table({time: named.take(encoded.indices)}), time)


def _by_value(table: pa.Table, attribute: str) -> Grouping:
    values, places = _coded(table, attribute)
    found = list(dict.fromkeys(text for text in values if text is not None and text != UNKNOWN))
    if len(found) > MOST_GROUPS:
        msg = (
            f"{attribute} has {len(found)} different values, too many for groups: give bands, such as "
            f"{{{attribute!r}: [25, 35, 50]}}"
        )
        raise ValueError(msg)
    if is_number(column_of(table, attribute).type):
        found.sort(key=float)
    else:
        found.sort()
    rank = {text: place for place, text in enumerate(found)}
    codes = np.asarray(
        [*(len(found) if text is None else rank.get(text, len(found)) for text in values), len(found)], dtype=np.int32
    )
    # Taken, not indexed: half the time. -1 is the last place.
    return Grouping(attribute, codes.take(places), (*found, UNKNOWN))


def _coded(table: pa.Table, attribute: str) -> tuple[list[str | None], NDArray[np.int32]]:
    """Return the different values as text, and the place of each row's; -1, the last place, where it is missing.

    Values are told apart as they are stored and written as text once each, not once a row.
    """
    column = column_of(table, attribute)
    if pa.types.is_nested(column.type):
        msg = f"column {attribute!r} holds {column.type}: one plain value a row is needed here"
        raise ValueError(msg)
    values, indices = _stored(column)
    if indices.null_count:
        indices = pc.fill_null(indices, -1)
    places = np.asarray(indices.to_numpy(zero_copy_only=False), dtype=np.int32)
    return texts(pa.table({attribute: values}), attribute).to_pylist(), places


def _stored(column: pa.ChunkedArray[Any]) -> tuple[Any, Any]:
    """Return the different values as they are stored, and each row's place among them, null where it is missing."""
    if not (pa.types.is_dictionary(column.type) or pa.types.is_floating(column.type)):
        # The first rows mostly show every value, and looking values up costs two thirds of finding them.
        seen: Any = pc.drop_null(pc.unique(column.slice(0, FIRST_ROWS)))
        found: Any = pc.index_in(column, value_set=seen)
        if found.null_count == column.null_count:
            return seen, found.combine_chunks()
    coded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    whole: Any = coded.unify_dictionaries().combine_chunks()
    return whole.dictionary, whole.indices
