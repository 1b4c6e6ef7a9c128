"""Representativeness: whether groups and regions are in the data as they are in those whom the model will meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.data.asked import companion_of
from muster.checks.declare import check
from muster.checks.figures import exact, proportion
from muster.checks.parameters import bands, text
from muster.columns.arrow import Floats, Integers
from muster.columns.sample import Sample
from muster.columns.statistics.chi_square import against_shares, between
from muster.columns.statistics.grouping import Grouping, group_by
from muster.columns.statistics.intervals import difference, ratio, wilson
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Share of each group in the sample against {reference}: difference and ratio, with {interval}; Pearson's "
    "chi-square over all groups. Rows whose group is missing are counted apart, and left out of the shares."
)


@check("data.representativeness", version=1, required=("attribute",), parameters=("bands", "shares"))
def representativeness(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Compare the make-up of the sample with a reference: ``share_difference`` and ``representation_ratio``.

    ``attribute``: column of groups or regions; ``bands``: lower limits of numeric groups; ``shares``: the share of each
    group in the reference, such as a census, taken as exact; without them the rows beside the sample are the
    reference.
    """
    attribute = text(parameters, "attribute")
    limits = bands(parameters, attribute)
    own = sample.groups(attribute, limits)
    counts = own.counts()
    known = int(counts[:-1].sum())
    if known == 0:
        msg = f"{attribute} is known of no row: nothing can be compared"
        raise ValueError(msg)
    figures = [proportion("unknown_share", int(counts[-1]), int(counts.sum()), note=f"rows without {attribute}")]
    if "shares" in parameters:
        figures += _against_shares(own, counts[:-1], known, parameters["shares"])
        method = METHOD.format(reference="the shares that the control states", interval="Wilson's interval")
        return Measurement(tuple(figures), method=method)
    beside = companion_of(sample)
    figures += _against_rows(own, group_by(beside.table, attribute, limits), counts[:-1])
    method = METHOD.format(reference=beside.label, interval="the intervals of Newcombe and of Zou and Donner")
    return Measurement(tuple(figures), method=method)


def _against_shares(own: Grouping, counts: Integers, known: int, given: Any) -> Iterator[Figure]:
    names, shares = _stated(own, given)
    held = dict(zip(own.names, counts.tolist(), strict=False))
    aligned = np.asarray([held.get(name, 0) for name in names])
    value, p = against_shares(aligned, shares)
    yield exact("chi_square", value, known, note=f"{len(names) - 1} degrees of freedom")
    yield exact("chi_square_p", p, known)
    for name, count, share in zip(names, aligned.tolist(), shares.tolist(), strict=True):
        low, high = (float(limit) for limit in wilson(count, known))
        group = f"{own.attribute}={name}"
        yield Figure("share_difference", count / known - share, known, low - share, high - share, group)
        yield Figure("representation_ratio", count / known / share, known, low / share, high / share, group)


def _stated(own: Grouping, given: Any) -> tuple[list[str], Floats]:
    if not isinstance(given, Mapping) or len(given) < 2 or not all(map(_is_share, given.values())):
        msg = f"parameter shares must give each group of {own.attribute} its share above 0, got {given!r}"
        raise ValueError(msg)
    names, shares = [str(name) for name in given], np.asarray(list(given.values()), dtype=np.float64)
    if abs(shares.sum() - 1) > 0.005:
        msg = f"parameter shares must sum to 1, they sum to {shares.sum():g}"
        raise ValueError(msg)
    if strange := [name for name in own.names[:-1] if name not in names]:
        msg = f"{own.attribute} has the group {', '.join(strange)}, of which parameter shares says nothing"
        raise ValueError(msg)
    return names, shares / shares.sum()


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1


def _against_rows(own: Grouping, other: Grouping, counts: Integers) -> Iterator[Figure]:
    names = list(dict.fromkeys((*own.names[:-1], *other.names[:-1])))
    ours = _aligned(own.names, counts, names)
    theirs = _aligned(other.names, other.counts()[:-1], names)
    known, of = int(ours.sum()), int(theirs.sum())
    value, p = between(ours, theirs)
    yield exact("chi_square", value, known, note=f"over {len(names)} groups, {of} rows in the reference")
    yield exact("chi_square_p", p, known)
    for name, count, there in zip(names, ours.tolist(), theirs.tolist(), strict=True):
        group = f"{own.attribute}={name}"
        low, high = difference(count, known, there, of)
        yield Figure("share_difference", count / known - there / of, known, float(low), float(high), group)
        if there:
            low, high = ratio(count, known, there, of)
            yield Figure("representation_ratio", count / known / (there / of), known, float(low), float(high), group)


def _aligned(names: tuple[str, ...], counts: Integers, wanted: list[str]) -> Integers:
    held = dict(zip(names, counts.tolist(), strict=False))
    return np.asarray([held.get(name, 0) for name in wanted], dtype=np.int64)
