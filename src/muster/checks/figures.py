"""Figures from counts: a proportion with its interval in one line."""

from __future__ import annotations

from muster.columns.statistics.intervals import wilson
from muster.records.evidence import Figure


def proportion(name: str, hits: int, trials: int, group: str = "", note: str = "") -> Figure:
    """Return hits / trials with its Wilson interval; ``n`` is the number of trials, which must not be 0."""
    low, high = wilson(hits, trials)
    return Figure(name, hits / trials, trials, float(low), float(high), group, note)
