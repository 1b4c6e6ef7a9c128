"""Steps: positives and negatives at or over each different score; every curve of a score is made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from muster.columns.arrow import Bools, Floats, Integers


@dataclass(frozen=True, slots=True)
class Steps:
    """Counts at or over each different score, shape (different scores,); 24 bytes a score are kept."""

    scores: Floats
    """Different scores, increasing."""
    hits: Integers
    """Positive rows that score at least so much."""
    rows: Integers
    """All rows that score at least so much."""

    @classmethod
    def of(cls, scores: Floats, labels: Bools) -> Steps:
        """Count rows; O(n log n), without a permutation of the rows, which would take the most memory."""
        ordered = np.sort(scores)
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        different = ordered[starts]
        del ordered
        positive = np.sort(scores[labels])
        hits = np.searchsorted(positive, different, side="left")
        np.subtract(positive.size, hits, out=hits)
        np.subtract(scores.size, starts, out=starts)
        return cls(different, hits, starts)

    @property
    def positives(self) -> int:
        """Positive rows in all."""
        return int(self.hits[0])

    @property
    def average_precision(self) -> float:
        """Mean precision over the positive rows, each at its own score: the area under the precision-recall curve."""
        gained = -np.diff(self.hits, append=0)
        return float((gained * (self.hits / self.rows)).sum() / self.positives)

    def at(self, thresholds: ArrayLike) -> tuple[Integers, Integers]:
        """Return positive rows and all rows that score at least each threshold, shape (thresholds,)."""
        place = np.searchsorted(self.scores, np.asarray(thresholds, dtype=np.float64), side="left")
        over = place < self.scores.size
        place = np.minimum(place, self.scores.size - 1)
        return np.where(over, self.hits[place], 0), np.where(over, self.rows[place], 0)

    def top(self, rows: ArrayLike) -> Floats:
        """Return positive rows expected among so many highest-scored ones, at most all; equal scores share theirs."""
        wanted = np.asarray(rows, dtype=np.float64)
        # Of the steps with fewer rows the largest, and the next: between them, positives grow evenly with rows.
        fewer = np.searchsorted(self.rows[::-1], wanted, side="left")
        upper = self.scores.size - 1 - np.minimum(fewer, self.scores.size - 1)
        lower = np.minimum(upper + 1, self.scores.size - 1)
        inner = fewer > 0
        rows_below, hits_below = np.where(inner, self.rows[lower], 0), np.where(inner, self.hits[lower], 0)
        share = (wanted - rows_below) / (self.rows[upper] - rows_below)
        return np.asarray(hits_below + share * (self.hits[upper] - hits_below), dtype=np.float64)
