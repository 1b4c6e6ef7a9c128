"""Figures in one line: proportions from counts, estimates with their interval, statistics that have none."""

from __future__ import annotations

from muster.columns.statistics.intervals import wilson
from muster.records.evidence import Figure


def proportion(name: str, hits: int, trials: int, group: str = "", note: str = "") -> Figure:
    """Return hits / trials with its Wilson interval; ``n`` is the number of trials, which must not be 0."""
    low, high = wilson(hits, trials)
    return Figure(name, hits / trials, trials, float(low), float(high), group, note)


def estimate(name: str, found: tuple[float, float, float], n: int, group: str = "", note: str = "") -> Figure:
    """Return a figure of value, lower and upper limit."""
    value, low, high = found
    return Figure(name, float(value), n, float(low), float(high), group, note)


def exact(name: str, value: float, n: int, group: str = "", note: str = "") -> Figure:
    """Return what is no estimate, such as a statistic or a p-value: its limits are the value itself."""
    return Figure(name, float(value), n, float(value), float(value), group, note)
