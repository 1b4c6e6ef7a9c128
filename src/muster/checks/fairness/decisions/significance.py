"""Significance: whether chance alone would make decisions differ so much between groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from muster.checks.declare import check
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.checks.parameters import text
from muster.columns.sample import Sample
from muster.columns.statistics.parity.testing import (
    benjamini_hochberg,
    fisher_p,
    holm,
    normal_p,
    smallest_expected,
    two_proportions,
)
from muster.records.evidence import Figure, Measurement

FEWEST_EXPECTED = 5.0
"""Below this expected count in a cell the normal approximation is not trusted (Cochran 1954)."""

WORST = -10.0
"""Standard deviations that stand for a difference which is not known: no limit that means anything is met by it."""

CORRECTIONS = {"holm": holm, "benjamini-hochberg": benjamini_hochberg}

METHOD = (
    "Rates of favourable decisions against {reference} ({how}). z_score: standard deviations between the rates, "
    "pooled variance, below 0 where the group is favoured less. p_value: two-sided, Fisher's exact test where a cell "
    "is expected to hold fewer than 5, else that of z. adjusted_p_value: for {count} comparisons, by {correction}. "
    "These are exact functions of the counts, so that limits equal points; with many rows tiny differences are "
    "significant, with few rows large ones are not: read them beside the impact ratio. n is the size of the group."
)


@check("fairness.significance", version=1, required=("attribute",), parameters=(*PARAMETERS, "correction"))
def significance(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Test differences in the rate of favourable decisions: standard deviations, p-values, corrected for many groups.

    Parameters as in ``fairness.impact_ratio``, and ``correction``: ``holm`` (the default) bounds the chance of any
    false alarm among the groups, ``benjamini-hochberg`` the share of false alarms.
    """
    correction = text(parameters, "correction", "holm")
    if correction not in CORRECTIONS:
        msg = f"parameter correction must be {' or '.join(CORRECTIONS)}, got {correction!r}"
        raise ValueError(msg)
    compared = compare(sample, parameters)
    raw = [_raw(compared, code) for code in compared.asked if code != compared.reference and compared.sizes[code]]
    adjusted = CORRECTIONS[correction]([p for _, _, p, _ in raw])
    figures = [
        figure
        for (code, z, p, how), corrected in zip(raw, adjusted.tolist(), strict=True)
        for figure in _figures(
            compared, code, {"z_score": (z, ""), "p_value": (p, how), "adjusted_p_value": (corrected, "")}
        )
    ]
    absent = [code for code in compared.asked if not compared.sizes[code]]
    figures += [
        Figure(name, worst, 0, None, None, compared.grouping.label(code), "no rows: nothing is known")
        for code in absent
        for name, worst in (("z_score", WORST), ("p_value", 0.0), ("adjusted_p_value", 0.0))
    ]
    label = compared.grouping.label(compared.reference)
    method = METHOD.format(reference=label, how=compared.how, count=len(raw), correction=correction)
    return Measurement(tuple(figures), method=method)


def _raw(compared: Compared, code: int) -> tuple[int, float, float, str]:
    reference = compared.reference
    table = (
        int(compared.favourable[code]),
        int(compared.sizes[code]),
        int(compared.favourable[reference]),
        int(compared.sizes[reference]),
    )
    z = two_proportions(*table)
    if smallest_expected(*table) < FEWEST_EXPECTED:
        return code, z, fisher_p(*table), "Fisher's exact test"
    return code, z, normal_p(z), "z test"


def _figures(compared: Compared, code: int, found: Mapping[str, tuple[float, str]]) -> Iterator[Figure]:
    label, size = compared.grouping.label(code), int(compared.sizes[code])
    for name, (value, note) in found.items():
        yield Figure(name, value, size, value, value, label, note)
