"""Impact ratio: how often each group gets the favourable decision, beside the reference group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.checks.fairness.shrunk import shrunk_figures
from muster.checks.figures import proportion
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import ratio
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Rate of favourable decisions in each group over that in {reference} ({how}). Interval of the ratio from the "
    "Wilson limits of both rates, combined on the log scale (Zou and Donner 2008); n is the size of the group. "
    "Rows whose group is missing are the group unknown. The interval takes the reference group as given: where it "
    "was chosen as the most favoured, ratios err on the low side."
)


@check("fairness.impact_ratio", version=2, required=("attribute",), parameters=PARAMETERS)
def impact_ratio(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare rates of favourable decisions between groups (adverse impact ratio, "four fifths").

    ``attribute``: column that groups people; ``bands``: lower limits of numeric groups; ``reference``: group to compare
    with; ``minimum_group``: fewest rows of a group that may be chosen as reference (30); ``cross``: further columns, so
    that groups are combinations; ``bands`` are then given by column, as ``{AGE: [25, 62]}``, and small combinations are
    also shown as they are when drawn towards what their parts lead one to expect.
    Source of the ratio: US Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D).
    """
    compared = compare(sample, parameters)
    label = compared.grouping.label(compared.reference)
    shrunk, more = shrunk_figures(sample, parameters, compared)
    method = METHOD.format(reference=label, how=compared.how) + more
    return Measurement((*_figures(compared), *shrunk), method=method)


def _figures(compared: Compared) -> Iterator[Figure]:
    grouping, reference = compared.grouping, compared.reference
    sizes, favourable = compared.sizes.tolist(), compared.favourable.tolist()
    standard = favourable[reference], sizes[reference]
    for code in compared.asked:
        label, own = grouping.label(code), (favourable[code], sizes[code])
        if own[1]:
            yield proportion("favourable_rate", *own, label)
        if code == reference:
            note = f"reference group ({compared.how}): 1 by definition"
            yield Figure("impact_ratio", 1.0, own[1], 1.0, 1.0, label, note)
        else:
            yield _ratio(own, standard, label)
    total = sum(sizes)
    for code in range(len(sizes) - 1):
        yield proportion("group_share", sizes[code], total, grouping.label(code))
    yield proportion("unknown_share", sizes[-1], total, note=f"rows without a value of {grouping.attribute}")


def _ratio(own: tuple[int, int], standard: tuple[int, int], label: str) -> Figure:
    rate = standard[0] / standard[1]
    if own[1] == 0:
        note = "no rows in this group: nothing is known, so the worst is assumed"
        return Figure("impact_ratio", 0.0, 0, 0.0, 1 / rate, label, note)
    low, high = ratio(*own, *standard)
    return Figure("impact_ratio", own[0] / own[1] / rate, own[1], float(low), float(high), label)
