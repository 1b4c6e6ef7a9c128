"""Thresholds: what the impact ratio would be, were decisions made at other scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.checks.figures import proportion
from muster.checks.parameters import numbers
from muster.columns.arrow import Floats, Integers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import ratio
from muster.records.evidence import Figure, Measurement
from muster.records.model import Favourable

DEFAULT = tuple(round(0.05 * step, 2) for step in range(1, 20))

METHOD = (
    "Decisions as they would be at {count} thresholds, from one count of groups by place of the score between them. "
    "Impact ratio against {reference} ({how} at the threshold in force), which stays the reference throughout, "
    "interval as in fairness.impact_ratio. Intervals of neighbouring thresholds share most of their rows: a threshold "
    "picked from them as the best looks better than it is, so choose on other rows than those that decide."
)


@check("fairness.thresholds", version=1, required=("attribute",), parameters=(*PARAMETERS, "thresholds"))
def thresholds(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure rates of favourable decisions and impact ratios over thresholds of the score, the trade-off to choose in.

    Parameters as in ``fairness.impact_ratio``, and ``thresholds``: scores from 0 to 1 (0.05 to 0.95 by 0.05).
    """
    compared = compare(sample, parameters)
    limits = np.unique(numbers(parameters, "thresholds", DEFAULT, least=0.0, most=1.0))
    favoured = count_favoured(sample, compared, limits)
    figures = tuple(_figures(compared, limits, favoured))
    label = compared.grouping.label(compared.reference)
    return Measurement(figures, method=METHOD.format(count=limits.size, reference=label, how=compared.how))


def count_favoured(sample: Sample, compared: Compared, limits: Floats) -> Integers:
    """Return how many people of each group would be favoured at each threshold, shape (groups, thresholds)."""
    places = np.searchsorted(limits, sample.scores, side="right")
    groups, width = len(compared.grouping.names), limits.size + 1
    cells = np.bincount(compared.grouping.codes.astype(np.int64) * width + places, minlength=groups * width)
    # A score is at or over the first thresholds up to its place, and under the others.
    under: Integers = np.cumsum(cells.reshape(groups, width), axis=1)[:, :-1].astype(np.int64)
    below = sample.rule.favourable is Favourable.BELOW
    return under if below else compared.sizes[:, None] - under


def _figures(compared: Compared, limits: Floats, favoured: Integers) -> Iterator[Figure]:
    total, reference = int(compared.sizes.sum()), compared.reference
    for place, limit in enumerate(limits.tolist()):
        at = f"at {limit:g}"
        yield proportion("favourable_rate_at", int(favoured[:, place].sum()), total, at)
        standard = int(favoured[reference, place]), int(compared.sizes[reference])
        for code in compared.asked:
            label, own = compared.grouping.label(code), (int(favoured[code, place]), int(compared.sizes[code]))
            if code != reference:
                yield _ratio(own, standard, f"{label} {at}")


def _ratio(own: tuple[int, int], standard: tuple[int, int], label: str) -> Figure:
    if own[1] == 0 or standard[0] == 0:
        note = "nobody here, or nobody in the reference group is favoured: nothing is known, so the worst is assumed"
        return Figure("impact_ratio_at", 0.0, 0, None, None, label, note)
    low, high = ratio(*own, *standard)
    value = own[0] / own[1] / (standard[0] / standard[1])
    return Figure("impact_ratio_at", value, own[1], float(low), float(high), label)
