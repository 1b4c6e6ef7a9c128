"""Beside the champion: what a version decided in the shadow, or of some of the people, before it may answer all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from muster.checks.declare import check
from muster.checks.figures import estimate, exact
from muster.checks.parameters import text
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import absolute
from muster.columns.traffic.beside import held_against
from muster.columns.traffic.trial import OF, days, sides
from muster.records.evidence import Figure, Measurement
from muster.rules.traffic.judging import APART, APPROVAL, DAYS, DECISIONS

METHOD = (
    "All that the version and the champion decided while orders named them beside each other, from the log. Differences "
    "of shares: Newcombe's interval. 99th percentile of latency: order statistics, each side at its worst. Drift of "
    "scores: population stability index over 10 bins of the champion's scores, corrected for sampling, delta method. "
    "Least ratio between groups of 30 or more: Zou and Donner. Days run from the first decision to the last, without "
    "the time in between in which it was not there. The champion decided {rows:,} rows."
)


@check("traffic.beside_champion", version=1, parameters=("groups",))
def beside_champion(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Hold a version that was tried in the shadow or on some of the people against the champion in the same time.

    Figures: ``decisions`` and ``days`` of the version; ``error_rate_more`` and ``refusal_rate_more``, how much higher
    than the champion's; ``latency_p99_ratio`` to the champion's; ``score_drift`` (population stability index);
    ``approval_rate_apart`` and, without a sign, ``approval_rate_distance``; ``impact_ratio_least`` between groups.
    ``groups``: input by which people are told apart for the least ratio; without it there is none.
    """
    if OF not in sample.table.column_names or not sample.rows:
        msg = f"sample {sample.name!r} holds no rows of a version beside a champion: this measures trials on live traffic"
        raise ValueError(msg)
    groups = text(parameters, "groups")
    if groups and groups not in sample.table.column_names:
        msg = f"sample {sample.name!r} has no column {groups!r}, by which people are to be told apart"
        raise ValueError(msg)
    one, champion = sides(sample.table, groups)
    figures = [exact(DECISIONS, one.rows, one.rows), exact(DAYS, days(sample.table), one.rows)]
    for figure in held_against(one, champion, groups=bool(groups)):
        figures += _sound(figure)
        if figure.name == APPROVAL:
            figures += _sound(_apart(figure))
    return Measurement(tuple(figures), method=METHOD.format(rows=champion.rows))


def _apart(figure: Figure) -> Figure:
    """Return how far approval rates are apart, whichever is higher."""
    low, high = absolute(figure.low, figure.high)
    return estimate(APART, (abs(figure.value), float(low), float(high)), figure.n, note=figure.note)


def _sound(figure: Figure) -> list[Figure]:
    """Return a figure as a ledger can hold it: one without an end has no interval, and what is no number is none."""
    if not isfinite(figure.value):
        return []
    known = all(end is not None and isfinite(end) for end in (figure.low, figure.high))
    return [figure if known else replace(figure, low=None, high=None)]
