"""Population stability: how far inputs and score have moved since the release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.checks.parameters import names, whole
from muster.columns.arrow import Integers
from muster.columns.profile import ColumnCounts, Profile
from muster.columns.sample import Sample
from muster.columns.statistics.divergence import coarsen, distance, stability
from muster.columns.statistics.intervals import absolute, difference
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Window of {window} rows against the frozen profile of {reference} reference rows. Population stability index "
    "over at most {bins} bins that hold about equal shares of the reference (categories each by name, missing "
    "values as a bin of their own), minus its expected value when nothing has moved; normal interval with the "
    "delta method. Kolmogorov-Smirnov over all frozen bins, Newcombe's interval at the point where it is largest, "
    "which takes that point as given."
)


@check("drift.population_stability", version=1, parameters=("bins", "columns"))
def population_stability(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure drift from the sample's frozen reference profile: ``psi`` and ``ks`` of each column and of the score.

    ``bins``: most bins of a numeric column (20); ``columns``: only these (all of the profile). Where values are
    missing, ``missing_shift`` is the change of their share.
    """
    if sample.reference is None:
        msg = f"sample {sample.name!r} has no reference profile: freeze one with the release"
        raise ValueError(msg)
    reference = sample.reference
    wanted = names(parameters, "columns") if "columns" in parameters else tuple(reference.columns)
    if unknown := [name for name in wanted if name not in reference.columns]:
        msg = f"the reference profile has no column {', '.join(unknown)}; it has {', '.join(reference.columns)}"
        raise ValueError(msg)
    bins = whole(parameters, "bins", 20, least=2)
    window = reference.count(sample.with_score(), wanted)
    return Measurement(
        compare_profiles(reference, window, bins),
        method=METHOD.format(window=window.rows, reference=reference.rows, bins=bins),
    )


def compare_profiles(reference: Profile, window: Profile, bins: int = 20) -> tuple[Figure, ...]:
    """Return the drift figures of every column of the window; counts are enough, no row is needed."""
    return tuple(
        figure for name, now in window.columns.items() for figure in _figures(name, reference.columns[name], now, bins)
    )


def _figures(name: str, then: ColumnCounts, now: ColumnCounts, bins: int) -> Iterator[Figure]:
    found = stability(*_cells(then, now, bins))
    note = f"{found.raw:.4f} before {found.expected:.4f} expected of sampling alone is taken off"
    yield Figure("psi", found.value, now.rows, found.low, found.high, name, note)
    seen = int(then.counts.sum()), int(now.counts.sum())
    if then.edges is not None and all(seen):
        value, place = distance(then.counts, now.counts)
        up_to = int(now.counts[: place + 1].sum()), seen[1], int(then.counts[: place + 1].sum()), seen[0]
        low, high = absolute(*difference(*up_to))
        yield Figure("ks", value, seen[1], float(low), float(high), name)
    if then.nulls or now.nulls:
        low, high = difference(now.nulls, now.rows, then.nulls, then.rows)
        shift = now.nulls / now.rows - then.nulls / then.rows
        yield Figure("missing_shift", shift, now.rows, float(low), float(high), name)
        yield proportion("missing_share", now.nulls, now.rows, name)


def _cells(then: ColumnCounts, now: ColumnCounts, bins: int) -> tuple[Integers, Integers]:
    """Join fine bins of numbers to coarse ones; missing values are one more bin, where there are any."""
    pair = [then.counts, now.counts]
    if then.edges is not None:
        codes = coarsen(then.counts, bins)
        pair = [np.bincount(codes, weights=counts).astype(np.int64) for counts in pair]
    elif pair[0][-1] == 0 and pair[1][-1] == 0:
        pair = [counts[:-1] for counts in pair]
    if then.nulls or now.nulls:
        pair = [np.append(counts, nulls) for counts, nulls in zip(pair, (then.nulls, now.nulls), strict=True)]
    return pair[0], pair[1]
