"""Value: what decisions are worth in money, from the use case's value of each outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import estimate, exact
from muster.checks.parameters import amount, text
from muster.columns.sample import Sample
from muster.columns.statistics.scoring.averages import mean
from muster.columns.value import worth
from muster.records.evidence import Measurement
from muster.records.purpose import Value

OUTCOMES = ("true_positive", "false_positive", "true_negative", "false_negative")

METHOD = (
    "Mean worth of a decision in {currency}, with the normal interval of a mean over {rows}: true positive {tp:g}, "
    "false positive {fp:g}, true negative {tn:g}, false negative {fn:g}, as the use case states them; outcomes of "
    "people who were refused are taken as the sample has them. The gain is the mean difference, row by row, to "
    "deciding everybody alike, whichever of the two is worth more on these rows."
)


@check("performance.value", version=1, required=("currency", *OUTCOMES))
def value(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure the expected worth of a decision, and how much more it is than deciding everybody alike.

    ``currency``: of the amounts; ``true_positive``, ``false_positive``, ``true_negative``, ``false_negative``: worth of
    each outcome, costs below 0, positive being the positive value of the target. They belong to the use case.
    """
    amounts = {name: amount(parameters, name) for name in OUTCOMES}
    given = Value(text(parameters, "currency"), **amounts)
    predicted, labels, weights, n = sample.predicted, sample.labels, sample.weights, sample.rows
    ours = worth(predicted, labels, given)
    alike = {
        "value_if_all_positive": worth(np.ones_like(labels), labels, given),
        "value_if_none_positive": worth(np.zeros_like(labels), labels, given),
    }
    best = max(alike.values(), key=lambda each: float(np.average(each, weights=weights)))
    total = float(ours.sum() if weights is None else (ours * weights).sum())
    figures = (
        estimate("value_per_decision", mean(ours, weights), n, note=given.currency),
        *(estimate(name, mean(each, weights), n, note=given.currency) for name, each in alike.items()),
        estimate("value_gain", mean(ours - best, weights), n, note=f"{given.currency} a decision"),
        exact("value_of_sample", total, n, note=f"{given.currency}, all rows together"),
    )
    rows = f"{n} rows" + ("" if weights is None else ", weighted")
    tp, fp, tn, fn = amounts.values()
    method = METHOD.format(currency=given.currency or "money", rows=rows, tp=tp, fp=fp, tn=tn, fn=fn)
    return Measurement(figures, method=method)
