"""The tables that New York City asks of bias audits: by sex, by race or ethnicity, and by both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.fairness.reference import crossed
from muster.checks.figures import proportion
from muster.checks.parameters import text
from muster.columns.arrow import Bools
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import Grouping
from muster.columns.statistics.intervals import ratio
from muster.records.evidence import Figure, Measurement
from muster.records.model import Favourable

RATES = ("selection", "scoring")
DEFAULT_SHARE = 0.02

METHOD = (
    "{name} by sex, by race or ethnicity and by both, over that of the category with the highest rate in each table. "
    "{what} Categories with under {share:g} of the rows of a table are shown, but neither set the highest rate nor "
    "carry the figure impact_ratio: theirs is called excluded_impact_ratio. People whose category is unknown are "
    "counted in unknown_count and are in no table. Rates with Wilson's interval, ratios with that of Zou and Donner "
    "(2008), the highest rate taken as given. n is the size of the category."
)
WHAT = {
    "selection": "Selection rate: share of the category that gets the favourable decision.",
    "scoring": (
        "Scoring rate: share of the category whose score is better than the median of the sample, {median:g}; "
        "better is on the favourable side."
    ),
}


@check("fairness.local_law_144", version=1, required=("sex", "race"), parameters=("bands", "rate", "exclude_under"))
def local_law_144(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure the rates and impact ratios that New York City Local Law 144 asks for.

    ``sex`` and ``race``: columns; ``bands`` of either, by column name; ``rate``: ``selection`` (default) or
    ``scoring``; ``exclude_under``: share of rows under which a category may be left out of the required ratios (0.02).
    Source: Rules of the City of New York, title 6, sections 5-300 and 5-301. The law sets no pass mark.
    """
    rate, share = text(parameters, "rate", "selection"), _share(parameters)
    if rate not in RATES:
        msg = f"parameter rate must be {' or '.join(RATES)}, got {rate!r}"
        raise ValueError(msg)
    sex, race = text(parameters, "sex"), text(parameters, "race")
    hits, median = _hits(sample, rate)
    figures: list[Figure] = []
    for columns in ((sex,), (race,), (sex, race)):
        given = {**parameters, "bands": parameters.get("bands") or {}}
        figures += _table(crossed(sample, columns, given), hits, f"{rate}_rate", share)
    what = WHAT[rate].format(median=median)
    method = METHOD.format(name=f"{rate.capitalize()} rates", what=what, share=share)
    return Measurement(tuple(figures), method=method)


def _share(parameters: Mapping[str, Any]) -> float:
    share = parameters.get("exclude_under", DEFAULT_SHARE)
    if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share < 1:
        msg = f"parameter exclude_under must be a share from 0 to under 1, got {share!r}"
        raise ValueError(msg)
    return float(share)


def _hits(sample: Sample, rate: str) -> tuple[Bools, float]:
    if rate == "selection":
        return sample.favourable, 0.0
    median = float(np.median(sample.scores))
    below = sample.rule.favourable is Favourable.BELOW
    return (sample.scores < median if below else sample.scores > median), median


def _table(grouping: Grouping, hits: Bools, name: str, share: float) -> Iterator[Figure]:
    sizes, favoured = grouping.counts()[:-1], grouping.counts(hits)[:-1]
    total, unknown = int(sizes.sum()), int(grouping.counts()[-1])
    able = (sizes > 0) & (sizes >= share * total)
    if np.count_nonzero(sizes) < 2 or not favoured[able].any():
        msg = f"{grouping.attribute}: fewer than two categories have rows, or in none of {share:g} of the rows is a hit"
        raise ValueError(msg)
    best = int(np.argmax(np.where(able, favoured / np.maximum(sizes, 1), -1.0)))
    for code in np.flatnonzero(sizes).tolist():
        label, own = grouping.label(code), (int(favoured[code]), int(sizes[code]))
        yield proportion(name, *own, label)
        yield proportion("category_share", own[1], total, label)
        figure = "impact_ratio" if able[code] else "excluded_impact_ratio"
        note = "" if able[code] else f"under {share:g} of the rows: the required ratios may leave it out"
        if code == best:
            yield Figure(figure, 1.0, own[1], 1.0, 1.0, label, "highest rate: 1 by definition")
            continue
        low, high = ratio(*own, int(favoured[best]), int(sizes[best]))
        value = own[0] / own[1] / (int(favoured[best]) / int(sizes[best]))
        yield Figure(figure, value, own[1], float(low), float(high), label, note)
    count = float(unknown)
    note = "people without a category: in no table"
    yield Figure("unknown_count", count, total + unknown, count, count, grouping.attribute, note)
