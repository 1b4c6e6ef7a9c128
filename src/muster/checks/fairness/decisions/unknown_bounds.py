"""Unknown bounds: how far people of unknown group could move the impact ratio, whoever they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Impact ratio against {reference} ({how}) if the {unknown} people of unknown group were all of the two groups "
    "compared: lowest where the refused among them are of the group and the favoured of the reference, highest the "
    "other way round. Bounds hold whatever makes people unknown; they are exact for this sample and leave out sampling "
    "error, so that limits equal points. n is the size of the group."
)


@check("fairness.unknown_bounds", version=1, required=("attribute",), parameters=PARAMETERS)
def unknown_bounds(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Bound the impact ratio over everything that people of unknown group could be (Manski's worst case).

    Parameters as in ``fairness.impact_ratio``. With nobody unknown, both bounds are the impact ratio.
    """
    compared = compare(sample, parameters)
    unknown = int(compared.sizes[-1])
    label = compared.grouping.label(compared.reference)
    if compared.reference == compared.sizes.size - 1:
        msg = f"{label} cannot be the reference here: these people could be anyone"
        raise ValueError(msg)
    method = METHOD.format(reference=label, how=compared.how, unknown=unknown)
    return Measurement(tuple(_figures(compared)), method=method)


def _figures(compared: Compared) -> Iterator[Figure]:
    *sizes, unknown = compared.sizes.tolist()
    *favoured, lucky = compared.favourable.tolist()
    unlucky, reference = unknown - lucky, compared.reference
    hits, of = favoured[reference], sizes[reference]
    for code, size in enumerate(sizes):
        label = compared.grouping.label(code)
        if code == reference:
            continue
        if size == 0:
            note = "no rows in this group: nothing is known, so the worst is assumed"
            yield Figure("impact_ratio_lowest", 0.0, 0, None, None, label, note)
            continue
        lowest = favoured[code] / (size + unlucky) / ((hits + lucky) / (of + lucky))
        highest = (favoured[code] + lucky) / (size + lucky) / (hits / (of + unlucky))
        yield Figure("impact_ratio_lowest", lowest, size, lowest, lowest, label)
        yield Figure("impact_ratio_highest", highest, size, highest, highest, label)
