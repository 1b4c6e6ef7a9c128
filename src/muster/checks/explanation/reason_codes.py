"""Reason codes: how many reasons refused people are given, whether they are allowed, and whether they are specific."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.explanation.refusals import Refusals, sets
from muster.checks.figures import exact, proportion
from muster.checks.parameters import optional_names
from muster.columns.explanation.factors import NOBODY, principal
from muster.columns.sample import Sample
from muster.records.evidence import Measurement

METHOD = "Counts are exact; intervals of shares are Wilson's."


@check("explanation.reason_codes", version=1, parameters=("prohibited", "rows"))
def reason_codes(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure the reasons that refused people would be given.

    ``most_reasons``: the most that anybody is given; ``no_reason``: share of refusals for which there is none;
    ``prohibited_reasons``: share that name a prohibited column; ``unnamed_principal``: share in which a factor that may
    not be named is among the worst, so that the reasons leave out a principal one; ``same_reasons``: share that are
    told the most frequent list of reasons, which is no specific answer where it is nearly all.
    ``prohibited``: columns that may never be a reason, ``*`` stands for any text; ``rows``: how many refused people are
    looked at (1,000).
    """
    patterns = [pattern.casefold() for pattern in optional_names(parameters, "prohibited")]
    found = Refusals.of(sample, parameters)
    barred = np.array([
        any(fnmatchcase(name.casefold(), pattern) for name in factor.columns for pattern in patterns)
        for factor in found.factors.each
    ])  # fmt: skip
    everything = np.ones(len(found.factors.each), np.bool_)
    worst = sets(principal(found.against, everything, found.factors.most), len(found.factors.each))
    _, told = np.unique(found.reasons, axis=0, return_counts=True)
    given = np.count_nonzero(found.reasons != NOBODY, axis=1)
    named = [factor.id for factor, bad in zip(found.factors.each, barred & found.named.any(axis=0), strict=True) if bad]
    figures = (
        exact("most_reasons", int(given.max()), found.rows),
        _share("no_reason", given == 0),
        _share("prohibited_reasons", (found.named & barred).any(axis=1), ", ".join(named)),
        _share("unnamed_principal", (worst & ~found.factors.nameable).any(axis=1)),
        proportion("same_reasons", int(told.max()), found.rows, note=f"{told.size} different lists are told"),
    )
    return Measurement(figures, method=found.method(METHOD))


def _share(name: str, hits: Any, note: str = "") -> Any:
    return proportion(name, int(np.count_nonzero(hits)), hits.size, note=note)
