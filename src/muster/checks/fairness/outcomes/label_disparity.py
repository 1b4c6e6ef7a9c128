"""Label disparity: how true outcomes differ between groups, before any model has learnt from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.reference import groups_of
from muster.checks.fairness.strata import count_by, strata_of
from muster.checks.figures import proportion
from muster.checks.parameters import text
from muster.columns.arrow import Floats, Integers
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import Grouping
from muster.columns.statistics.intervals import absolute, difference, wilson
from muster.columns.statistics.parity.divergences import jensen_shannon, kullback_leibler, shares
from muster.columns.statistics.parity.resample import DRAWS, SEED, percentiles, redraw
from muster.columns.statistics.parity.strata import conditional_disparity
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Share of people whose true outcome deserves the favourable decision, by group. label_difference: the share in "
    "{reference} less that in the group, Newcombe's interval. label_total_variation: its absolute value, which for two "
    "outcomes is the total variation and the Kolmogorov-Smirnov distance too, and times the square root of 2 the L2 "
    "norm. Divergences of "
    "{reference}'s outcomes from the group's, natural logarithm, half a row added to every count; percentile intervals "
    "of {draws} draws of the counts (seed {seed}) on the signed root, folded at 0. group_imbalance: (reference rows - "
    "group rows) / both. Demographic disparity in labels: the group's share of the undeserving less that of the "
    "deserving{strata}. n is the size of the group."
)


@check(
    "fairness.label_disparity", version=1, required=("attribute", "reference"), parameters=("bands", "cross", "strata")
)
def label_disparity(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure differences in outcomes between groups in data, whatever a model makes of them.

    ``attribute``, ``bands`` and ``cross`` as in ``fairness.impact_ratio``; ``reference``: the group to compare with,
    always named; ``strata`` as in ``fairness.disparity``. Needs labels. Labels that are people's earlier decisions
    carry what those people did: a model that learns them learns it.
    """
    qualified = sample.qualified
    grouping = groups_of(sample, parameters)
    strata = strata_of(sample, parameters)
    cells = count_by(strata, grouping, qualified)
    counts = cells.sum(axis=0)
    reference = grouping.code(text(parameters, "reference"))
    sizes = counts.sum(axis=1)
    if sizes[reference] == 0 or np.count_nonzero(sizes[:-1]) < 2:
        msg = (
            f"{grouping.attribute}: the reference group has no rows, or no other group has: there is nothing to compare"
        )
        raise ValueError(msg)
    drawn = redraw(counts)
    asked = range(sizes.size if sizes[-1] else sizes.size - 1)
    figures = [figure for code in asked for figure in _group(grouping, counts, drawn, code, reference)]
    figures += _conditional(grouping, cells, asked)
    within = "" if strata is None else f", within strata of {strata.attribute}, averaged by their rows"
    label = grouping.label(reference)
    method = METHOD.format(reference=label, draws=DRAWS, seed=SEED, strata=within)
    return Measurement(tuple(figures), method=method)


def _group(grouping: Grouping, counts: Integers, drawn: Integers, code: int, reference: int) -> Iterator[Figure]:
    label = grouping.label(code)
    (bad, good), (other_bad, other_good) = counts[code].tolist(), counts[reference].tolist()
    n, m = bad + good, other_bad + other_good
    if n == 0:
        note = "no rows in this group: nothing is known, so the worst is assumed"
        for name in ("label_difference", "label_total_variation", "label_demographic_disparity"):
            yield Figure(name, 1.0, 0, -1.0, 1.0, label, note)
        return
    yield proportion("deserving_rate", good, n, label)
    if code == reference:
        return
    low, high = difference(other_good, m, good, n)
    apart = other_good / m - good / n
    yield Figure("label_difference", apart, n, float(low), float(high), label)
    near, far = absolute(low, high)
    yield Figure("label_total_variation", abs(apart), n, float(near), float(far), label)
    yield _divergence("label_kullback_leibler", kullback_leibler, counts, drawn, (reference, code), label)
    yield _divergence("label_jensen_shannon", jensen_shannon, counts, drawn, (reference, code), label)
    spread = (m - n) / (m + n)
    low, high = wilson(m, m + n)
    yield Figure("group_imbalance", spread, m + n, 2 * float(low) - 1, 2 * float(high) - 1, label)


def _divergence(
    name: str,
    of: Callable[[Floats, Floats], Floats],
    counts: Integers,
    drawn: Integers,
    pair: tuple[int, int],
    label: str,
) -> Figure:
    """Give a divergence with limits from its signed root, which is nearly normal where the divergence is not."""
    first, second = pair
    value = float(of(shares(counts[first]), shares(counts[second])))
    p, q = shares(drawn[:, first]), shares(drawn[:, second])
    roots = np.sqrt(np.maximum(of(p, q), 0.0)) * np.sign(p[:, 1] - q[:, 1])
    low, high = absolute(*np.quantile(roots, (0.025, 0.975)))
    n = int(counts[second].sum())
    return Figure(name, value, n, min(float(low) ** 2, value), max(float(high) ** 2, value), label)


def _conditional(grouping: Grouping, cells: Integers, asked: Iterable[int]) -> Iterator[Figure]:
    kept = cells[cells.sum(axis=(1, 2)) > 0]
    found, drawn = conditional_disparity(kept), conditional_disparity(redraw(kept))
    for code in asked:
        value, n = float(found[code]), int(cells[:, code].sum())
        if n == 0:
            continue
        low, high = percentiles(value, drawn[:, code])
        yield Figure("label_demographic_disparity", value, n, low, high, grouping.label(code))
