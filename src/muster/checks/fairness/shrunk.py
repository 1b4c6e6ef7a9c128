"""Shrunk: impact ratios of intersections, small ones drawn towards what their attributes alone lead one to expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.fairness.reference import Compared
from muster.checks.parameters import bands, names, text
from muster.columns.arrow import Floats, Integers
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import ratio, wilson
from muster.columns.statistics.parity.shrinkage import Shrunk, shrinkage
from muster.records.evidence import Figure

METHOD = (
    " Shrunk figures stand beside the raw ones, which limits are put on: each combination counts with {rows:.3g} rows "
    "more of the rate that the main effects of {attributes} lead one to expect (empirical Bayes, beta-binomial by "
    "moments, at most the mean size of a combination), so that small ones stop swinging by chance. Intervals are those "
    "of the raw figures with these rows added; that their number was estimated widens them no further."
)


def shrunk_figures(sample: Sample, parameters: Mapping[str, Any], compared: Compared) -> tuple[tuple[Figure, ...], str]:
    """Return the shrunk rates and ratios of crossed groups and a sentence on them; nothing where none are crossed."""
    if "cross" not in parameters:
        return (), ""
    codes = np.flatnonzero(compared.sizes[:-1])
    hits, trials = compared.favourable[codes], compared.sizes[codes]
    try:
        prior = shrinkage(hits, trials, _levels(sample, parameters, compared, codes))
    except ValueError:
        return (), " Rates are not shrunk: everyone or nobody gets the favourable decision."
    figures = tuple(_figures(compared, codes, prior))
    return figures, METHOD.format(rows=prior.rows, attributes=compared.grouping.attribute)


def _levels(sample: Sample, parameters: Mapping[str, Any], compared: Compared, codes: Integers) -> Integers:
    """Return the code of each group in each attribute, read off the first row of the group."""
    columns = (text(parameters, "attribute"), *names(parameters, "cross"))
    found, places = np.unique(compared.grouping.codes, return_index=True)
    rows = places[np.searchsorted(found, codes)]
    return np.column_stack([sample.groups(name, bands(parameters, name)).codes[rows] for name in columns])


def _figures(compared: Compared, codes: Integers, prior: Shrunk) -> Iterator[Figure]:
    hits, trials = prior.counts(compared.favourable[codes], compared.sizes[codes])
    standard = _standard(compared, codes, hits, trials)
    for code, expected, own, rows in zip(codes.tolist(), prior.expected.tolist(), hits, trials, strict=True):
        label, size = compared.grouping.label(code), int(compared.sizes[code])
        low, high = wilson(own, rows)
        rate = float(own / rows)
        yield Figure("shrunk_rate", rate, size, float(low), float(high), label, f"{expected:.3f} is to be expected")
        if code == compared.reference:
            yield Figure("shrunk_impact_ratio", 1.0, size, 1.0, 1.0, label, "reference group: 1 by definition")
            continue
        low, high = ratio(own, rows, *standard)
        value = rate * standard[1] / standard[0]
        yield Figure("shrunk_impact_ratio", value, size, float(low), float(high), label)


def _standard(compared: Compared, codes: Integers, hits: Floats, trials: Floats) -> tuple[float, float]:
    """Return favourable decisions and rows of the reference group; raw if it is of unknown membership, not shrunk."""
    found = np.flatnonzero(codes == compared.reference)
    if found.size:
        return float(hits[found[0]]), float(trials[found[0]])
    return float(compared.favourable[compared.reference]), float(compared.sizes[compared.reference])
