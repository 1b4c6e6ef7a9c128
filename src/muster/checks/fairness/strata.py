"""Strata: declared business factors within which groups are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from muster.checks.fairness.reference import crossed
from muster.checks.parameters import names
from muster.columns.arrow import Bools, Integers
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import Grouping


def strata_of(sample: Sample, parameters: Mapping[str, Any]) -> Grouping | None:
    """Return the crossing of the columns that ``strata`` lists, or None if it is not given.

    Rows without a value of one of them are a stratum of their own, ``unknown``.
    """
    if "strata" not in parameters:
        return None
    columns = names(parameters, "strata")
    refuse_attribute(parameters, columns)
    given = parameters.get("bands")
    plain = {key: value for key, value in parameters.items() if key != "bands"}
    # A plain list of bands is the attribute's: columns of strata have theirs by name.
    return crossed(sample, columns, {**plain, "bands": given} if isinstance(given, Mapping) else plain)


def refuse_attribute(parameters: Mapping[str, Any], columns: Sequence[str]) -> None:
    """Raise ValueError if the attribute itself is to be held equal: no difference would ever be left."""
    compared = {parameters.get("attribute"), *(parameters.get("cross") or ())}
    if held := [column for column in columns if column in compared]:
        msg = f"{', '.join(held)} is what groups are made of and cannot be held equal among them"
        raise ValueError(msg)


def count_by(strata: Grouping | None, grouping: Grouping, favourable: Bools) -> Integers:
    """Count decisions by stratum and group, shape (strata, groups, 2), refused first; one stratum if there are none."""
    groups = len(grouping.names)
    places = grouping.codes.astype(np.int64)
    wide = 1
    if strata is not None:
        wide = len(strata.names)
        places += strata.codes.astype(np.int64) * groups
    cells = np.bincount(places * 2 + favourable, minlength=wide * groups * 2)
    return cells.astype(np.int64).reshape(wide, groups, 2)
