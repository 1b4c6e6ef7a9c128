"""Crossings: groups of people by several attributes at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muster.columns.statistics.grouping import UNKNOWN, Grouping

MOST_CROSSINGS = 2000
"""More groups than this say nothing about anybody: bands or fewer attributes are needed."""

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
    # Unknown is the last of each attribute's names, so that known people have codes below.
    codes = first.codes.astype(np.int64)
    lost = first.codes == len(first.names) - 1
    for grouping in others:
        codes = codes * len(grouping.names) + grouping.codes
        lost |= grouping.codes == len(grouping.names) - 1
    counts = np.bincount(codes[~lost]) if codes.size else np.zeros(0, dtype=np.int64)
    found = np.flatnonzero(counts)
    attribute = BETWEEN.join(grouping.attribute for grouping in groupings)
    if found.size > MOST_CROSSINGS:
        msg = (
            f"{attribute} gives {found.size} groups, more than {MOST_CROSSINGS}: give bands, or cross fewer attributes"
        )
        raise ValueError(msg)
    places = np.full(max(counts.size, int(codes.max(initial=0)) + 1), found.size, dtype=np.int32)
    places[found] = np.arange(found.size, dtype=np.int32)
    crossed = places[codes]
    crossed[lost] = found.size
    return Grouping(attribute, crossed, (*(_name(code, groupings) for code in found.tolist()), UNKNOWN))


def _name(code: int, groupings: Sequence[Grouping]) -> str:
    parts: list[str] = []
    for grouping in reversed(groupings):
        code, place = divmod(code, len(grouping.names))
        parts.append(grouping.names[place])
    return BETWEEN.join(reversed(parts))
