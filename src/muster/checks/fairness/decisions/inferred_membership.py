"""Inferred membership: rates of favourable decisions where groups are known by probability only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.reference import refuse_weights
from muster.checks.parameters import text
from muster.columns.arrow import Floats, first, floats
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import absolute, difference, ratio, wilson
from muster.records.evidence import Figure, Measurement

SLACK = 1e-6
"""Probabilities of a row may add up to this much over 1, by rounding."""

METHOD = (
    "Each person counts in every group by the probability of belonging to it (columns {columns}). Rates over that of "
    "{reference}; Wilson's intervals of the fractional counts, for ratios and differences combined as in "
    "fairness.impact_ratio. They hold for sampling only: where decisions differ by group within people of equal "
    "probability, weighted rates are biased, mostly towards each other (Chen and others 2019), the more so the lower "
    "membership_certainty. n is the expected number of members, rounded down."
)


@check("fairness.inferred_membership", version=1, required=("probabilities", "reference"), parameters=())
def inferred_membership(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare rates of favourable decisions where membership is inferred, as with surname and address (BISG).

    ``probabilities``: column of probabilities for each group, as ``{black: p_black, white: p_white}``; ``reference``:
    the group to compare with. What a row's probabilities leave to 1, or a row without any, is of unknown membership.
    """
    columns, reference = _columns(parameters), text(parameters, "reference")
    if reference not in columns:
        msg = f"there is no probability for the reference {reference!r}; there are {', '.join(columns)}"
        raise ValueError(msg)
    refuse_weights(sample)
    weights = _weights(sample, columns)
    favourable = sample.favourable
    sums, squares, hits = weights.sum(axis=0), (weights**2).sum(axis=0), weights[favourable].sum(axis=0)
    place = list(columns).index(reference)
    if not hits[place] > 0:
        msg = f"nobody who may be of the reference group {reference} got the favourable decision"
        raise ValueError(msg)
    figures = [
        figure
        for code, name in enumerate(columns)
        for figure in _group(name, (hits[code], sums[code]), (hits[place], sums[place]), same=code == place)
    ]
    figures += [
        _share("membership_certainty", float(squares[code] / sums[code]), sums[code], name)
        for code, name in enumerate(columns)
        if sums[code] > 0
    ]
    unknown = float(1 - weights.sum() / sample.rows)
    figures.append(_share("unknown_share", max(unknown, 0.0), sample.rows, ""))
    named = ", ".join(f"{column} for {name}" for name, column in columns.items())
    return Measurement(tuple(figures), method=METHOD.format(columns=named, reference=reference))


def _columns(parameters: Mapping[str, Any]) -> dict[str, str]:
    value = parameters["probabilities"]
    if not isinstance(value, Mapping) or len(value) < 2 or not all(isinstance(name, str) for name in value.values()):
        msg = f"parameter probabilities must map two or more groups to columns, got {value!r}"
        raise ValueError(msg)
    return {str(group): name for group, name in value.items()}


def _weights(sample: Sample, columns: Mapping[str, str]) -> Floats:
    """Return probabilities, shape (rows, groups), 0 for rows that have none; raise ValueError where they are not."""
    raw = np.column_stack([floats(sample.table, column) for column in columns.values()])
    weights = np.where(np.isnan(raw).any(axis=1, keepdims=True), 0.0, raw)
    wrong = (weights < 0).any(axis=1) | (weights > 1 + SLACK).any(axis=1) | (weights.sum(axis=1) > 1 + SLACK)
    if wrong.any():
        row = first(wrong)
        msg = (
            f"probabilities of row {row} are {', '.join(f'{value:g}' for value in weights[row])} (rows count from 0; "
            f"{np.count_nonzero(wrong)} such): they must be within 0 and 1 and add up to 1 at most"
        )
        raise ValueError(msg)
    return weights


def _group(name: str, own: tuple[Any, Any], standard: tuple[Any, Any], *, same: bool) -> Iterator[Figure]:
    n = int(own[1])
    if not own[1] > 0:
        note = "nobody may be of this group: nothing is known, so the worst is assumed"
        yield Figure("inferred_impact_ratio", 0.0, 0, None, None, name, note)
        yield Figure("inferred_rate_difference", 1.0, 0, 0.0, 1.0, name, note)
        return
    rate, other = float(own[0] / own[1]), float(standard[0] / standard[1])
    low, high = wilson(*own)
    yield Figure("inferred_favourable_rate", rate, n, float(low), float(high), name)
    if same:
        yield Figure("inferred_impact_ratio", 1.0, n, 1.0, 1.0, name, "reference group: 1 by definition")
        return
    low, high = ratio(*own, *standard)
    # With less than half an expected favourable decision the interval's own correction stands above the point.
    yield Figure("inferred_impact_ratio", rate / other, n, min(float(low), rate / other), float(high), name)
    low, high = absolute(*difference(*own, *standard))
    yield Figure("inferred_rate_difference", abs(rate - other), n, float(low), float(high), name)


def _share(name: str, value: float, n: Any, group: str) -> Figure:
    return Figure(name, value, int(n), value, value, group)
