"""Cells: who deserved the favourable decision and who got it, counted by group; every rate of decisions follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from muster.columns.arrow import Bools, Integers
from muster.columns.statistics.grouping import Grouping

_REFUSED_WRONGLY, _FAVOURED_RIGHTLY = (1, 0), (1, 1)
_REFUSED_RIGHTLY, _FAVOURED_WRONGLY = (0, 0), (0, 1)
_EVERY = (_REFUSED_RIGHTLY, _FAVOURED_WRONGLY, _REFUSED_WRONGLY, _FAVOURED_RIGHTLY)

RATES: Mapping[str, tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]] = MappingProxyType(
    {
        "favourable_rate": ((_FAVOURED_RIGHTLY, _FAVOURED_WRONGLY), _EVERY),
        "true_favourable_rate": ((_FAVOURED_RIGHTLY,), (_FAVOURED_RIGHTLY, _REFUSED_WRONGLY)),
        "false_favourable_rate": ((_FAVOURED_WRONGLY,), (_FAVOURED_WRONGLY, _REFUSED_RIGHTLY)),
        "favourable_precision": ((_FAVOURED_RIGHTLY,), (_FAVOURED_RIGHTLY, _FAVOURED_WRONGLY)),
        "adverse_precision": ((_REFUSED_RIGHTLY,), (_REFUSED_RIGHTLY, _REFUSED_WRONGLY)),
        "accuracy": ((_FAVOURED_RIGHTLY, _REFUSED_RIGHTLY), _EVERY),
        "wrongly_refused_share": ((_REFUSED_WRONGLY,), (_REFUSED_WRONGLY, _FAVOURED_WRONGLY)),
    }
)
"""Each rate as the cells that count and the cells that they are counted among, both as (deserved, got)."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Counts of shape (..., groups, 2, 2): by group, whether deserved, whether got; axes before are draws or windows.

    Cells of separate windows or replicas add up.
    """

    counts: Integers

    @classmethod
    def of(cls, grouping: Grouping, qualified: Bools, favourable: Bools) -> Cells:
        """Count rows once; both masks have shape (rows,)."""
        places = grouping.codes * 4
        places += qualified.view(np.int8) * np.int8(2) + favourable.view(np.int8)
        groups = len(grouping.names)
        return cls(np.bincount(places, minlength=4 * groups).astype(np.int64).reshape(groups, 2, 2))

    @property
    def sizes(self) -> Integers:
        """Rows a group, shape (..., groups)."""
        sizes: Integers = self.counts.sum(axis=(-2, -1))
        return sizes

    def rate(self, name: str) -> tuple[Integers, Integers]:
        """Return numerator and denominator of a rate in :data:`RATES`, each of shape (..., groups)."""
        hits, among = RATES[name]
        return self._sum(hits), self._sum(among)

    def _sum(self, places: tuple[tuple[int, int], ...]) -> Integers:
        first, *rest = places
        total: Integers = self.counts[..., first[0], first[1]].copy()
        for deserved, got in rest:
            total += self.counts[..., deserved, got]
        return total
