"""Beside the champion: what a version decided in the shadow, or of some of the people, before it may answer all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from math import isfinite
from typing import Any

from muster.checks.declare import check
from muster.checks.figures import exact
from muster.checks.parameters import text
from muster.columns.sample import Sample
from muster.columns.traffic.beside import held_against
from muster.columns.traffic.trial import OF, days, sides
from muster.ports.log import INPUT
from muster.records.evidence import Figure, Measurement
from muster.records.traffic.canary import CanaryLimits
from muster.rules.traffic.judging import DAYS, DECISIONS, NOT_WITHIN, Finding, found_by

METHOD = (
    "All that the version and the champion decided while orders named them beside each other, from the log. "
    "Differences of shares: Newcombe's interval. 99th percentile of latency: order statistics, each side at its "
    "worst. Drift of scores: population stability index over 10 bins of the champion's scores, corrected for "
    "sampling, delta method. Least ratio between groups of 30 or more: Zou and Donner. Days run from the first "
    "decision to the last, without the time in between in which it was not there. A figure is within its limit where "
    "its whole interval is. The champion decided {rows:,} rows."
)

LIMITS = tuple(field.name for field in fields(CanaryLimits))


@check("traffic.beside_champion", version=1, parameters=("groups", *LIMITS))
def beside_champion(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Hold a version that was tried in the shadow or on some of the people against the champion in the same time.

    Figures: ``error_rate_more`` and ``refusal_rate_more``, how much higher than the champion's; ``latency_p99_ratio``
    to the champion's; ``score_drift`` (population stability index); ``approval_rate_apart``; ``impact_ratio_least``
    between groups; ``decisions`` and ``days`` of the version; and ``not_within``, how many of the first are not within
    their limits or not known. ``groups``: input by which people are told apart for the least ratio; without it there is
    none. Limits are those of a canary: ``errors``: how much higher the rate of failures may be; ``refusals``: how much
    higher that of refusals by guards; ``latency``: how many times that of the champion; ``drift``: the index at most;
    ``approval``: how far favourable rates may be apart; ``fairness``: the least ratio between groups; ``least``: how
    many decisions each side must have.
    """
    if OF not in sample.table.column_names or not sample.rows:
        msg = f"sample {sample.name!r} holds no rows of a version beside a champion: this measures trials"
        raise ValueError(msg)
    groups, limits = text(parameters, "groups"), _limits(parameters)
    if groups and INPUT + groups not in sample.table.column_names:
        msg = f"sample {sample.name!r} has no input {groups!r}, by which people are to be told apart"
        raise ValueError(msg)
    one, champion = sides(sample.table, groups)
    found = list(held_against(one, champion, groups=bool(groups)))
    told = [
        exact(DECISIONS, one.rows, one.rows),
        exact(DAYS, days(sample.table), one.rows),
        _not_within(limits, found, min(one.rows, champion.rows), fairness=bool(groups)),
    ]
    figures = (*told, *(each for figure in found for each in _sound(figure)))
    return Measurement(figures, method=METHOD.format(rows=champion.rows))


def _limits(parameters: Mapping[str, Any]) -> CanaryLimits:
    own = {name: parameters[name] for name in LIMITS if name in parameters}
    for name, value in own.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
            msg = f"parameter {name} must be a number of 0 or more, got {value!r}"
            raise ValueError(msg)
    return CanaryLimits(**own)


def _not_within(limits: CanaryLimits, figures: Sequence[Figure], n: int, *, fairness: bool) -> Figure:
    said = found_by(limits, figures, fairness=fairness)
    words = [*said[Finding.BEYOND], *said[Finding.UNSURE]]
    return exact(NOT_WITHIN, len(words), n, note="; ".join(words))


def _sound(figure: Figure) -> list[Figure]:
    """Return a figure as a ledger can hold it: one without an end has no interval, and what is no number is none."""
    if not isfinite(figure.value):
        return []
    known = all(end is not None and isfinite(end) for end in (figure.low, figure.high))
    return [figure if known else replace(figure, low=None, high=None)]
