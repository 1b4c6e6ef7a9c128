"""Error rates by group: whether people with the same true outcome get the same decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.fairness.differences import differences, mean_of, paired, worst_of
from muster.checks.fairness.reference import PARAMETERS, compare
from muster.columns.sample import Sample
from muster.columns.statistics.parity.cells import Cells
from muster.records.evidence import Measurement

METHOD = (
    "Of the people whose true outcome deserves the favourable decision, the share that gets it (true favourable "
    "rate); of the others, the share that gets it too (false favourable rate). Differences are absolute, against "
    "{reference} ({how}), with Newcombe's interval folded at 0; equalised odds is the larger of the two "
    "differences, its limits the larger of theirs; average odds is their mean, its limits combined by variance "
    "recovery. n is the number of people in the group with that outcome, for the last two the smaller one."
)

DIFFERENCES = {
    "true_favourable_rate": "equal_opportunity_difference",
    "false_favourable_rate": "false_favourable_difference",
}


@check("fairness.error_rates", version=2, required=("attribute",), parameters=PARAMETERS)
def error_rates(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare error rates between groups: equal opportunity and equalised odds (Hardt, Price and Srebro 2016).

    Parameters as in ``fairness.impact_ratio``; needs labels. Rates are those of the favourable decision, whichever side
    of the threshold it is on, so that for a default score the deserving are those who paid. Rates of refusal are what
    is left to 1, and differ as much.
    """
    qualified = sample.qualified
    compared = compare(sample, parameters)
    cells = Cells.of(compared.grouping, qualified, sample.favourable)
    figures = [
        figure
        for rate, apart in DIFFERENCES.items()
        for figure in differences(compared, rate, apart, *cells.rate(rate))
    ]
    pairs = paired(figures, *DIFFERENCES.values())
    return Measurement(
        (*figures, *worst_of("equalised_odds_difference", pairs), *mean_of("average_odds_difference", pairs)),
        method=METHOD.format(reference=compared.grouping.label(compared.reference), how=compared.how),
    )
