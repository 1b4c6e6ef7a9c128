"""The reference group that other groups are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from muster.checks.parameters import bands, names, text, whole
from muster.columns.arrow import Integers
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import UNKNOWN, Grouping
from muster.columns.statistics.parity.crossing import cross

PARAMETERS = ("bands", "cross", "reference", "minimum_group")
"""What checks that compare groups know, beside ``attribute``."""

FEWEST = 30
"""A group smaller than this is not chosen as reference: its rate is too uncertain to measure others by."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Groups with their sizes and favourable decisions, and the group that the others are compared with."""

    grouping: Grouping
    sizes: Integers
    favourable: Integers
    reference: int
    how: str
    """How the reference was chosen, in words."""

    @property
    def asked(self) -> tuple[int, ...]:
        """Codes of the groups to report: all but an empty ``unknown``.

        A band without rows is among them: the control asks about it, and nothing is known.
        """
        known = len(self.sizes) - 1
        return tuple(range(known + 1 if self.sizes[known] else known))


def groups_of(sample: Sample, parameters: Mapping[str, Any]) -> Grouping:
    """Group a sample by ``attribute``, crossed with the attributes that ``cross`` lists, each with its ``bands``.

    Raises
    ------
    ValueError
        If a parameter is not what it should be, or ``bands`` is one list although attributes are crossed.
    """
    attribute = text(parameters, "attribute")
    others = names(parameters, "cross") if "cross" in parameters else ()
    if attribute in others:
        msg = f"{attribute} cannot be crossed with itself"
        raise ValueError(msg)
    return crossed(sample, (attribute, *others), parameters)


def refuse_weights(sample: Sample) -> None:
    """Raise ValueError if the sample weights its rows: a count of people weighted away has no n to trust."""
    if sample.raw_weights is not None:
        msg = f"sample {sample.name!r} weights its rows: fairness counts people, each once; measure it without weights"
        raise ValueError(msg)


def crossed(sample: Sample, columns: Sequence[str], parameters: Mapping[str, Any]) -> Grouping:
    """Group a sample by several columns at once, each with its bands.

    Raises
    ------
    ValueError
        If bands are ambiguous, or rows are weighted: groups are counted in people, and n means people.
    """
    refuse_weights(sample)
    if len(columns) > 1 and isinstance(parameters.get("bands"), Sequence):
        msg = f"which of {', '.join(columns)} are the bands of? Give them as {{{columns[0]}: [25, 35, 50]}}"
        raise ValueError(msg)
    return cross([sample.groups(column, bands(parameters, column)) for column in columns])


def compare(sample: Sample, parameters: Mapping[str, Any]) -> Compared:
    """Group a sample and find the reference group.

    It is the one named by the parameter ``reference``; else, of the groups with at least ``minimum_group`` rows (30),
    the one with the highest rate of favourable decisions, never ``unknown``. Choosing the highest of several estimated
    rates picks one that is, on average, too high, and intervals do not know of the choice: ratios of the other groups
    then err on the low side. A named reference has no such bias.

    Raises
    ------
    ValueError
        If fewer than two known groups have rows, no group can be the reference, or nobody in it is favoured.
    """
    grouping = groups_of(sample, parameters)
    sizes, favourable = grouping.counts(), grouping.counts(sample.favourable)
    if np.count_nonzero(sizes[:-1]) < 2:
        msg = f"{grouping.attribute} has rows in one known group at most: there is nothing to compare"
        raise ValueError(msg)
    named, fewest = text(parameters, "reference"), whole(parameters, "minimum_group", FEWEST)
    if named:
        reference, how = grouping.code(named), "named by the control"
    else:
        reference = _most_favoured(grouping, sizes, favourable, fewest)
        how = f"most favoured of the groups with at least {fewest} rows"
    if favourable[reference] == 0:
        msg = f"nobody in the reference group {grouping.label(reference)} ({how}) got the favourable decision"
        raise ValueError(msg)
    return Compared(grouping, sizes, favourable, reference, how)


def _most_favoured(grouping: Grouping, sizes: Integers, favourable: Integers, fewest: int) -> int:
    able = sizes >= fewest
    able[grouping.names.index(UNKNOWN)] = False
    if not able.any():
        msg = f"no group of {grouping.attribute} has the {fewest} rows that a reference needs"
        raise ValueError(msg)
    rates = np.where(able, favourable / np.maximum(sizes, 1), -1.0)
    return int(np.argmax(rates))
