"""Crossings: groups of people by several attributes at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from muster.columns.statistics.grouping import UNKNOWN, Grouping

MOST_CROSSINGS = 2000
"""More groups than this say nothing about anybody: bands or fewer attributes are needed."""

MOST_TABLED = 1_000_000
"""Up to so many possible combinations they are looked up in a table, beyond by search."""

BETWEEN = " x "


def cross(groupings: Sequence[Grouping]) -> Grouping:
    """Return one grouping by all attributes, such as ``SEX x AGE`` with the groups ``1 x under 25`` and so on.

    Every combination that somebody has is a group, however small; one that nobody has is none. Whose membership is
    missing for any attribute is in the group ``unknown``.

    Raises
    ------
    ValueError
        If there are more than ``MOST_CROSSINGS`` combinations.
    """
    first, *others = groupings
    if not others:
        return first
    codes, size = first.codes, len(first.names)
    for grouping in others:
        size *= len(grouping.names)
        wide = codes if size < 2**31 else codes.astype(np.int64)
        codes = wide * len(grouping.names) + grouping.codes
    held = np.flatnonzero(np.bincount(codes)) if size <= MOST_TABLED else np.unique(codes)
    found = held[~_unknown(held, groupings)]
    attribute = BETWEEN.join(grouping.attribute for grouping in groupings)
    if found.size > MOST_CROSSINGS:
        msg = (
            f"{attribute} gives {found.size} groups, more than {MOST_CROSSINGS}: give bands, or cross fewer attributes"
        )
        raise ValueError(msg)
    if size <= MOST_TABLED:
        places = np.full(size, found.size, dtype=np.int32)
        places[found] = np.arange(found.size, dtype=np.int32)
        crossed = places.take(codes)
    else:
        near = np.minimum(np.searchsorted(found, codes), max(found.size - 1, 0)).astype(np.int32)
        crossed = np.where(np.append(found, -1)[near] == codes, near, np.int32(found.size))
    return Grouping(attribute, crossed, (*(_name(code, groupings) for code in found.tolist()), UNKNOWN))


def _unknown(codes: Any, groupings: Sequence[Grouping]) -> Any:
    """Say of each combination whether membership is missing for any attribute: its last name is ``unknown``."""
    lost = np.zeros(codes.shape, dtype=np.bool_)
    for grouping in reversed(groupings):
        codes, place = np.divmod(codes, len(grouping.names))
        lost |= place == len(grouping.names) - 1
    return lost


def _name(code: int, groupings: Sequence[Grouping]) -> str:
    parts: list[str] = []
    for grouping in reversed(groupings):
        code, place = divmod(code, len(grouping.names))
        parts.append(grouping.names[place])
    return BETWEEN.join(reversed(parts))
