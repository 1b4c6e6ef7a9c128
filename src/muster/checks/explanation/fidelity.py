"""Fidelity: whether the named factors decided, so that having them as approved people do would change the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.explanation.refusals import Refusals, swapped
from muster.checks.figures import proportion
from muster.checks.parameters import whole
from muster.columns.arrow import Bools
from muster.columns.explanation.explainer import spread
from muster.columns.plan import favourable
from muster.columns.rescoring import rescored
from muster.columns.sample import Sample
from muster.records.evidence import Measurement

METHOD = (
    "The named factors of each person are taken from {tries} approved people, evenly spread over their scores, one "
    "after the other; the decision changes where most of these are approved. Beside it, the same with as many factors "
    "that counted least against the person. Wilson's intervals."
)


@check("explanation.fidelity", version=1, parameters=("rows", "tries"))
def fidelity(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure whether setting the named factors to what approved people have would change the decision.

    ``fidelity``: share of refusals that would be approved; ``fidelity_of_others``: the same share where as many factors
    are taken that counted least, to compare with.
    ``rows``: how many refused people are looked at (1,000); ``tries``: with how many approved people each is
    tried (15).
    """
    tries = whole(parameters, "tries", 15)
    found = Refusals.of(sample, parameters)
    approved = spread(found.approved, tries)
    named = found.named
    order = np.argsort(np.where(named, np.inf, found.against), axis=1, kind="stable")
    rank = np.argsort(order, axis=1)
    others = (rank < named.sum(axis=1, keepdims=True)) & ~named
    figures = (
        proportion("fidelity", _changed(found, named, approved), found.rows),
        proportion("fidelity_of_others", _changed(found, others, approved), found.rows),
    )
    return Measurement(figures, method=found.method(METHOD.format(tries=approved.num_rows)))


def _changed(found: Refusals, factors: Bools, approved: Any) -> int:
    scores = rescored(found.model, swapped(found, factors, approved))
    better = favourable(scores, found.rule).reshape(found.rows, approved.num_rows)
    return int(np.count_nonzero(better.mean(axis=1) > 0.5))
