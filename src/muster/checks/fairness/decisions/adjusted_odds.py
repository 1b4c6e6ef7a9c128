"""Adjusted odds: odds of the favourable decision by group, holding controls equal in a logistic regression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.declare import check
from muster.checks.fairness.reference import PARAMETERS, Compared, compare
from muster.checks.fairness.strata import refuse_attribute
from muster.checks.parameters import names
from muster.columns.sample import Sample
from muster.columns.statistics.parity.adjusted import weigh
from muster.columns.statistics.parity.design import free, independent
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Logistic regression by maximum likelihood of the favourable decision on indicators of the groups and {count} "
    "columns made of the controls ({controls}): odds ratio against {reference} ({how}) with Wald's interval. "
    "Controls enter linearly on the log odds, categories as indicators, missing numbers as the median with an "
    "indicator. A control that itself stands in for the group hides a disparity: choose them by business need. "
    "n is the size of the group."
)


@check("fairness.adjusted_odds", version=1, required=("attribute", "controls"), parameters=PARAMETERS)
def adjusted_odds(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare the odds of the favourable decision between groups, controlling for declared business factors.

    Parameters as in ``fairness.impact_ratio``, and ``controls``: columns to hold equal. An odds ratio below 1 says
    that, of two people alike in the controls, the one of this group is favoured less.
    """
    compared = compare(sample, parameters)
    controls = names(parameters, "controls")
    refuse_attribute(parameters, controls)
    able = [code for code in compared.asked if 0 < compared.favourable[code] < compared.sizes[code]]
    if compared.reference not in able:
        msg = f"everybody in the reference group {compared.grouping.label(compared.reference)} got the same decision"
        raise ValueError(msg)
    codes = compared.grouping.codes
    rows = np.isin(codes, able)
    others = [code for code in able if code != compared.reference]
    held = independent(sample.table.filter(pa.array(rows)), controls)
    indicators = (codes[rows][:, None] == np.asarray(others, dtype=np.int32)).astype(np.float64)
    spread = (indicators - indicators.mean(axis=0)) / np.maximum(indicators.std(axis=0), 1e-12)
    if len(free(np.hstack((held, spread)))) < held.shape[1] + len(others):
        msg = f"{', '.join(controls)} determine who is in which group of {compared.grouping.attribute}: drop a control"
        raise ValueError(msg)
    found = weigh(np.hstack((indicators, held)), sample.favourable[rows], len(others))
    odds = {
        code: (float(value), float(low), float(high))
        for code, value, low, high in zip(others, *found.odds, strict=True)
    }
    method = METHOD.format(
        count=held.shape[1], controls=", ".join(controls),
        reference=compared.grouping.label(compared.reference), how=compared.how,
    )  # fmt: skip
    return Measurement(tuple(_figures(compared, odds)), method=method)


def _figures(compared: Compared, odds: Mapping[int, tuple[float, float, float]]) -> Iterator[Figure]:
    for code in compared.asked:
        label, size = compared.grouping.label(code), int(compared.sizes[code])
        if code == compared.reference:
            yield Figure("adjusted_odds_ratio", 1.0, size, 1.0, 1.0, label, "reference group: 1 by definition")
        elif code in odds:
            yield Figure("adjusted_odds_ratio", odds[code][0], size, *odds[code][1:], label)
        else:
            note = "everybody here got the same decision (or nobody is here): odds have no bounds, the worst is assumed"
            yield Figure("adjusted_odds_ratio", 0.0, size, None, None, label, note)
