"""Rates by group and their differences from the reference group, from counts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from muster.checks.fairness.reference import Compared
from muster.checks.figures import proportion
from muster.columns.arrow import Integers
from muster.columns.statistics.intervals import absolute, difference
from muster.records.evidence import Figure


def differences(compared: Compared, rate: str, apart: str, hits: Integers, of: Integers) -> Iterator[Figure]:
    """Give, for every group asked about, its rate and how far that is from the reference group's.

    Parameters
    ----------
    rate, apart
        Names of the two figures.
    hits, of
        Numerator and denominator of the rate, shape (groups,). The interval is Newcombe's, folded at 0; ``n`` is the
        denominator. A group with an empty denominator has no rate, and the worst difference: nothing is known.

    Raises
    ------
    ValueError
        If the reference group's denominator is empty.
    """
    grouping, reference = compared.grouping, compared.reference
    if of[reference] == 0:
        msg = f"the reference group {grouping.label(reference)} has nobody to measure the {rate} on"
        raise ValueError(msg)
    standard = int(hits[reference]), int(of[reference])
    for code in compared.asked:
        label, own = grouping.label(code), (int(hits[code]), int(of[code]))
        if own[1] == 0:
            note = "nobody here has that outcome: nothing is known, so the worst is assumed"
            yield Figure(apart, 1.0, 0, 0.0, 1.0, label, note)
            continue
        yield proportion(rate, *own, label)
        yield _difference(apart, own, standard, label, same=code == reference)


def worst_of(name: str, pairs: Mapping[str, tuple[Figure, Figure]]) -> Iterator[Figure]:
    """Give the larger of two differences for each group; its limits are the larger of theirs, its n the smaller."""
    for label, pair in pairs.items():
        yield Figure(
            name, max(figure.value for figure in pair), min(figure.n for figure in pair),
            max(figure.low or 0.0 for figure in pair), max(_high(figure) for figure in pair), label,
        )  # fmt: skip


def mean_of(name: str, pairs: Mapping[str, tuple[Figure, Figure]]) -> Iterator[Figure]:
    """Give the mean of two differences for each group, which come from different people and so are independent.

    Their limits are combined by the method of variance estimates recovery (Zou and Donner 2008).
    """
    for label, pair in pairs.items():
        value = (pair[0].value + pair[1].value) / 2
        below = math.hypot(*(figure.value - (figure.low or 0.0) for figure in pair)) / 2
        above = math.hypot(*(_high(figure) - figure.value for figure in pair)) / 2
        n = min(figure.n for figure in pair)
        yield Figure(name, value, n, max(value - below, 0.0), min(value + above, 1.0), label)


def paired(figures: list[Figure], first: str, second: str) -> dict[str, tuple[Figure, Figure]]:
    """Put the figures of two names side by side, by group."""
    found = {(figure.name, figure.group): figure for figure in figures}
    groups = [figure.group for figure in figures if figure.name == first]
    return {group: (found[first, group], found[second, group]) for group in groups}


def _high(figure: Figure) -> float:
    return 1.0 if figure.high is None else figure.high


def _difference(name: str, own: tuple[int, int], standard: tuple[int, int], label: str, *, same: bool) -> Figure:
    if same:
        return Figure(name, 0.0, own[1], 0.0, 0.0, label, "reference group: 0 by definition")
    apart = own[0] / own[1] - standard[0] / standard[1]
    low, high = absolute(*difference(*own, *standard))
    note = f"{'lower' if apart < 0 else 'higher'} than the reference group" if apart else ""
    return Figure(name, abs(apart), own[1], float(low), float(high), label, note)
