"""Score gap: how far apart groups' scores are, before any threshold is applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.checks.figures import estimate
from muster.columns.arrow import Floats
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import absolute, difference
from muster.columns.statistics.parity.means import standardised
from muster.columns.statistics.ranking import separation
from muster.records.evidence import Figure, Measurement
from muster.records.model import Favourable

WORST = -10.0
"""Standard deviations that stand for a difference which is not known: no limit that means anything is met by it."""

METHOD = (
    "Scores, turned so that higher is favourable, against {reference} ({how}). standardised_mean_difference: "
    "difference of means over the pooled standard deviation, interval by its large-sample error (Hedges and Olkin "
    "1985); below 0, the group scores worse. score_distance: largest distance between the two distributions "
    "(Kolmogorov-Smirnov), Newcombe's interval at the score where it is largest, which takes that score as given, so "
    "that both err on the high side in small samples. n is the size of the group."
)


@check("fairness.score_gap", version=1, required=("attribute",), parameters=PARAMETERS)
def score_gap(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare scores between groups: standardised mean difference, and the distance of their distributions.

    Parameters as in ``fairness.impact_ratio``. It says what decisions would do at other thresholds, and what a price or
    a limit that follows the score does to groups.
    """
    compared = compare(sample, parameters)
    scores = 1 - sample.scores if sample.rule.favourable is Favourable.BELOW else sample.scores
    label = compared.grouping.label(compared.reference)
    standard = scores[compared.grouping.codes == compared.reference]
    if standard.size < 2:
        msg = f"the reference group {label} has one row, which has no spread: name another"
        raise ValueError(msg)
    figures = [figure for code in compared.asked for figure in _group(compared, scores, standard, code)]
    return Measurement(tuple(figures), method=METHOD.format(reference=label, how=compared.how))


def _group(compared: Compared, scores: Floats, standard: Floats, code: int) -> Iterator[Figure]:
    label = compared.grouping.label(code)
    if code == compared.reference:
        note = "reference group: 0 by definition"
        yield Figure("standardised_mean_difference", 0.0, standard.size, 0.0, 0.0, label, note)
        return
    own = scores[compared.grouping.codes == code]
    if own.size < 2:
        note = f"{own.size} rows have no spread: nothing is known, so the worst is assumed"
        yield Figure("standardised_mean_difference", WORST, int(own.size), None, None, label, note)
        yield Figure("score_distance", 1.0, int(own.size), 0.0, 1.0, label, note)
        return
    yield _smd(own, standard, label)
    yield _distance(own, standard, label)


def _smd(own: Floats, standard: Floats, label: str) -> Figure:
    found = standardised(own, standard)
    better = "better" if found[0] > 0 else "worse"
    note = f"mean score {better} by {abs(own.mean() - standard.mean()):.4f}" if found[0] else ""
    return estimate("standardised_mean_difference", found, int(own.size), label, note)


def _distance(own: Floats, standard: Floats, label: str) -> Figure:
    both = np.concatenate((own, standard))
    found = separation(both, np.arange(both.size) < own.size)
    low, high = absolute(*difference(found.under[0], found.of[0], found.under[1], found.of[1]))
    return Figure("score_distance", found.value, int(own.size), float(low), float(high), label)
