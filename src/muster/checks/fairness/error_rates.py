"""Error rates by group: whether people with the same true outcome get the same decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.checks.figures import proportion
from muster.columns.arrow import Integers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import absolute, difference
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Of the people whose true outcome deserves the favourable decision, the share that gets it (true favourable "
    "rate); of the others, the share that gets it too (false favourable rate). Differences are absolute, against "
    "{reference} ({how}), with Newcombe's interval folded at 0; equalised odds is the larger of the two "
    "differences, its limits the larger of theirs. n is the number of people in the group with that outcome, for "
    "equalised odds the smaller one."
)

DIFFERENCES = {
    "true_favourable_rate": "equal_opportunity_difference",
    "false_favourable_rate": "false_favourable_difference",
}


@check("fairness.error_rates", version=1, required=("attribute",), parameters=PARAMETERS)
def error_rates(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare error rates between groups: equal opportunity and equalised odds (Hardt, Price and Srebro 2016).

    Parameters as in ``fairness.impact_ratio``; needs labels. Rates are those of the favourable decision, whichever side
    of the threshold it is on, so that for a default score the deserving are those who paid.
    """
    qualified, favourable = sample.qualified, sample.favourable
    compared = compare(sample, parameters)
    counts = compared.grouping.counts
    tables = {
        "true_favourable_rate": (counts(favourable & qualified), counts(qualified)),
        "false_favourable_rate": (counts(favourable & ~qualified), counts(~qualified)),
    }
    figures = [figure for name, (hits, of) in tables.items() for figure in _rates(name, hits, of, compared)]
    label = compared.grouping.label(compared.reference)
    return Measurement(
        (*figures, *_equalised(figures, compared)), method=METHOD.format(reference=label, how=compared.how)
    )


def _rates(name: str, hits: Integers, of: Integers, compared: Compared) -> Iterator[Figure]:
    grouping, reference = compared.grouping, compared.reference
    if of[reference] == 0:
        msg = f"the reference group {grouping.label(reference)} has nobody to measure the {name} on"
        raise ValueError(msg)
    standard = int(hits[reference]), int(of[reference])
    for code in compared.asked:
        label, own = grouping.label(code), (int(hits[code]), int(of[code]))
        if own[1] == 0:
            note = "nobody here has that outcome: nothing is known, so the worst is assumed"
            yield Figure(DIFFERENCES[name], 1.0, 0, 0.0, 1.0, label, note)
            continue
        yield proportion(name, *own, label)
        yield _difference(DIFFERENCES[name], own, standard, label, same=code == reference)


def _difference(name: str, own: tuple[int, int], standard: tuple[int, int], label: str, *, same: bool) -> Figure:
    if same:
        return Figure(name, 0.0, own[1], 0.0, 0.0, label, "reference group: 0 by definition")
    apart = own[0] / own[1] - standard[0] / standard[1]
    low, high = absolute(*difference(*own, *standard))
    note = f"{'lower' if apart < 0 else 'higher'} than the reference group" if apart else ""
    return Figure(name, abs(apart), own[1], float(low), float(high), label, note)


def _equalised(figures: list[Figure], compared: Compared) -> Iterator[Figure]:
    found = {(figure.name, figure.group): figure for figure in figures}
    for code in compared.asked:
        label = compared.grouping.label(code)
        pair = [found[name, label] for name in DIFFERENCES.values()]
        yield Figure(
            "equalised_odds_difference",
            max(figure.value for figure in pair),
            min(figure.n for figure in pair),
            max(figure.low or 0.0 for figure in pair),
            max(1.0 if figure.high is None else figure.high for figure in pair),
            label,
        )
