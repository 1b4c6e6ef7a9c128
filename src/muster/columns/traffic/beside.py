"""Beside: figures of a version, held against the champion in the same time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from muster.columns.arrow import Floats
from muster.columns.statistics.bins import count_numbers, quantile_edges
from muster.columns.statistics.divergence import stability
from muster.columns.statistics.intervals import Z, difference, ratio
from muster.columns.traffic.sides import Side, joined
from muster.records.evidence import Figure
from muster.rules.traffic.judging import APPROVAL, DRIFT, ERRORS, FAIRNESS, FEWEST, LATENCY, REFUSALS

BINS = 10
"""Bins of the scores, of about equal counts of the champion's."""


def held_against(one: Side, champion: Side, *, groups: bool) -> Iterator[Figure]:
    """Yield what is known of a version; a figure that cannot be computed is left out.

    Parameters
    ----------
    groups
        Whether people are told apart, so that the least ratio between their groups is a figure, too.
    """
    if not one.rows + one.faults + one.refused or not champion.rows + champion.faults + champion.refused:
        return
    yield _apart(ERRORS, one.faults, one.rows + one.faults, champion.faults, champion.rows + champion.faults)
    asked, others = one.rows + one.refused, champion.rows + champion.refused
    yield _apart(REFUSALS, one.refused, asked, champion.refused, others)
    yield _apart(APPROVAL, one.favoured, one.decided, champion.favoured, champion.decided)
    if one.rows and champion.rows:
        yield _slower(one, champion)
        yield _drifted(one, champion)
    if groups and (fairness := least_ratio(one)) is not None:
        yield fairness


def _apart(name: str, hits: int, trials: int, other_hits: int, other_trials: int) -> Figure:
    """Return how far two shares are apart (Newcombe's interval)."""
    low, high = difference(hits, trials, other_hits, other_trials)
    value = (hits / trials if trials else 0.0) - (other_hits / other_trials if other_trials else 0.0)
    return Figure(name, value, min(trials, other_trials), float(low), float(high), note=f"champion n = {other_trials}")


def _slower(one: Side, champion: Side) -> Figure:
    """Return by how much the 99th percentile of latency is higher; the interval takes both at their worst."""
    mine, other = quantile(one.latencies), quantile(champion.latencies)
    low, value, high = (
        mine[0] / max(other[2], 1.0),
        mine[1] / max(other[1], 1.0),
        mine[2] / max(other[0], 1.0),
    )
    note = f"p99 {mine[1] / 1000:.2f} ms, champion {other[1] / 1000:.2f} ms"
    return Figure(LATENCY, value, min(one.rows, champion.rows), low, high, note=note)


def quantile(parts: Sequence[Floats], share: float = 0.99) -> tuple[float, float, float]:
    """Return lower limit, value and upper limit of a quantile, from order statistics (binomial, normal approximation).

    Source: Conover, Practical Nonparametric Statistics, 3rd edition, section 3.2. The upper limit is infinite where
    there are too few values to have one.
    """
    ordered = np.sort(joined(parts))
    half = Z * float(np.sqrt(ordered.size * share * (1 - share)))
    at = ordered.size * share
    lower, upper = int(np.floor(at - half)), int(np.ceil(at + half))
    low = float(ordered[lower]) if lower >= 0 else 0.0
    high = float(ordered[upper]) if upper < ordered.size else float("inf")
    return low, float(np.quantile(ordered, share)), high


def _drifted(one: Side, champion: Side) -> Figure:
    mine, other = joined(one.scores), joined(champion.scores)
    edges = quantile_edges(other, most=BINS)
    found = stability(count_numbers(other, edges)[0], count_numbers(mine, edges)[0])
    return Figure(DRIFT, found.value, min(mine.size, other.size), found.low, found.high, note=f"{edges.size + 1} bins")


def least_ratio(one: Side) -> Figure | None:
    """Return the least ratio of favourable decisions of a group to those of the most favoured one."""
    known = {group: counts for group, counts in one.groups.items() if counts[1] >= FEWEST}
    if len(known) < 2:
        return None
    best = max(known, key=lambda group: known[group][0] / known[group][1])
    if not known[best][0]:
        return None
    found = []
    for group in known.keys() - {best}:
        low, high = ratio(*known[group], *known[best])
        value = known[group][0] / known[group][1] * known[best][1] / known[best][0]
        n = min(known[group][1], known[best][1])
        found.append(Figure(FAIRNESS, value, n, float(low), float(high), group, f"against {best}"))
    return min(found, key=lambda figure: figure.value)
