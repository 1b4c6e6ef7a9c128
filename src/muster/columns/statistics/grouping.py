"""Groups of people by one attribute: integer codes with names; who cannot be placed is in the group ``unknown``."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from muster.columns.arrow import Bools, Integers, column_of, floats, is_number, places_of, texts

UNKNOWN = "unknown"
"""Name of the group of those whose membership is missing; it is never dropped and never the reference."""

MOST_GROUPS = 50
"""An attribute with more values than this needs bands."""


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


def _by_value(table: pa.Table, attribute: str) -> Grouping:
    column = texts(table, attribute)
    found = [text for text in pc.unique(column).to_pylist() if text is not None and text != UNKNOWN]
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
    return Grouping(attribute, places_of(column, found), (*found, UNKNOWN))
