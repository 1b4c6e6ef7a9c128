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
    "false positive {fp:g}, true negative {tn:g}, false negative {fn:g}, as {source}; outcomes of "
    "people who were refused are taken as the sample has them. The gain is the mean difference, row by row, to "
    "deciding everybody alike, whichever of the two is worth more on these rows."
)


@check("performance.value", version=2, parameters=("currency", *OUTCOMES), weighted=True)
def value(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure the expected worth of a decision, and how much more it is than deciding everybody alike.

    What an outcome is worth comes from the use case; parameters override it. ``currency``: of the amounts;
    ``true_positive``, ``false_positive``, ``true_negative``, ``false_negative``: worth of each outcome, costs below 0,
    positive being the positive value of the target.
    """
    given, source = _worths(sample, parameters)
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
    tp, fp, tn, fn = (getattr(given, name) for name in OUTCOMES)
    currency = given.currency or "money"
    return Measurement(
        figures, method=METHOD.format(currency=currency, rows=rows, source=source, tp=tp, fp=fp, tn=tn, fn=fn)
    )


def _worths(sample: Sample, parameters: Mapping[str, Any]) -> tuple[Value, str]:
    """Return what outcomes are worth, and who says so: the use case, unless the parameters say something else."""
    stated = sample.value
    if not parameters and stated is not None:
        return stated, "the use case states them"
    lacking = [name for name in OUTCOMES if name not in parameters]
    if stated is None and lacking:
        msg = f"the use case states no value of its outcomes, nor do the parameters of {', '.join(lacking)}"
        raise ValueError(msg)
    currency = text(parameters, "currency", stated.currency if stated else "")
    if stated is not None and lacking and currency != stated.currency:
        msg = (
            f"worths in {currency} cannot be mixed with the use case's in {stated.currency}: give {', '.join(lacking)}"
        )
        raise ValueError(msg)
    amounts = {name: amount(parameters, name, getattr(stated, name, None)) for name in OUTCOMES}
    own = ", ".join(name for name in OUTCOMES if name in parameters)
    source = (
        f"the control states them for {own} and the use case for the rest" if lacking else "the control states them"
    )
    return Value(currency, **amounts, per_call=stated.per_call if stated else 0.0), source
