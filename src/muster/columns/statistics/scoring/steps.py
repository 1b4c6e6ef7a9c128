"""Steps: positives and negatives at or over each different score; every curve of a score is made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muster.columns.arrow import Bools, Floats, Integers


@dataclass(frozen=True, slots=True)
class Steps:
    """Cumulative counts from the highest score down, shape (different scores,)."""

    scores: Floats
    """Different scores, decreasing."""
    hits: Integers
    """Positive rows that score at least so much."""
    rows: Integers
    """All rows that score at least so much."""

    @classmethod
    def of(cls, scores: Floats, labels: Bools) -> Steps:
        """Count rows; O(n log n)."""
        order = np.argsort(scores, kind="stable")[::-1]
        ordered = scores[order]
        last = np.append(ordered[1:] != ordered[:-1], True)
        return cls(ordered[last], np.cumsum(labels[order])[last].astype(np.int64), np.flatnonzero(last) + 1)

    @property
    def positives(self) -> int:
        """Positive rows in all."""
        return int(self.hits[-1])

    @property
    def average_precision(self) -> float:
        """Mean precision over the positive rows, each at its own score: the area under the precision-recall curve."""
        gained = np.diff(self.hits, prepend=0)
        return float((gained * (self.hits / self.rows)).sum() / self.positives)

    def at(self, thresholds: ArrayLike) -> tuple[Integers, Integers]:
        """Return positive rows and all rows that score at least each threshold."""
        place = np.searchsorted(-self.scores, -np.asarray(thresholds, dtype=np.float64), side="right")
        return np.concatenate(([0], self.hits))[place], np.concatenate(([0], self.rows))[place]

    def top(self, rows: ArrayLike) -> Floats:
        """Return positive rows expected among so many highest-scored ones; equal scores share their positives."""
        return np.interp(
            np.asarray(rows, dtype=np.float64), np.concatenate(([0], self.rows)), np.concatenate(([0], self.hits))
        )
