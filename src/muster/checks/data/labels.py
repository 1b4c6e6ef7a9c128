"""Labels: whether they are there, agree with each other, and keep their meaning over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.data.asked import columns_of, rows_of, time_of
from muster.checks.declare import check
from muster.checks.figures import exact, proportion
from muster.checks.parameters import text
from muster.columns.arrow import Bools, Floats, is_number, missing
from muster.columns.sample import Sample
from muster.columns.statistics.grouping import FORMATS, Grouping, by_period
from muster.columns.statistics.intervals import difference
from muster.columns.statistics.moments import moments, written
from muster.columns.statistics.rows import row_codes
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Wilson's intervals of shares; rates of a period against all other periods with Newcombe's interval. A constant "
    "tail (head) is the rows after (before) the last (first) row with another label; its chance is how probable so "
    "long a run is if labels there fell at the rate of all other rows, each on its own."
)


@check("data.labels", version=1, parameters=("columns", "time", "period"))
def labels(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure the quality of labels: missing, conflicting, and constant from a date on.

    ``columns``: rows equal in these but not in their label conflict (the model's inputs); ``time``: column that says
    when a row is (the sample's own), without which nothing over time is measured; ``period``: year, quarter, month or
    day, in which the class balance is shown (the finest of month, quarter and year that gives at most 50 periods).
    Outcomes that are not yet known when a file is cut often turn up as labels that are all alike at its end.
    """
    total = rows_of(sample)
    names, time, period = columns_of(sample, parameters), time_of(sample, parameters), text(parameters, "period")
    absent = int(np.count_nonzero(missing(sample.table, sample.target))) if sample.target else 0
    positive = sample.labels
    figures = [
        proportion("label_missing_share", absent, total),
        proportion("positive_rate", int(np.count_nonzero(positive)), total),
        proportion("conflicting_label_share", _conflicting(sample, names, positive), total),
    ]
    if time:
        figures += _over_time(sample, time, period, positive)
    return Measurement(tuple(figures), method=METHOD)


def _conflicting(sample: Sample, names: tuple[str, ...], positive: Bools) -> int:
    (codes,) = row_codes([sample.table], names)
    sizes, hits = np.bincount(codes), np.bincount(codes, weights=positive)
    return int(sizes[(hits > 0) & (hits < sizes)].sum())


def _over_time(sample: Sample, time: str, period: str, positive: Bools) -> Iterator[Figure]:
    when = moments(sample.table, time)
    dated = ~np.isnan(when)
    if not dated.any():
        msg = f"column {time!r} says of no row when it was"
        raise ValueError(msg)
    for name, sign, words in (("constant_tail", 1.0, "from {} on"), ("constant_head", -1.0, "up to {}")):
        yield from _run(sample, time, name, words, _constant(np.where(dated, sign * when, -np.inf), positive), positive)
    yield from _balance(_periods(sample.table, time, when, period), positive)


def _constant(when: Floats, positive: Bools) -> tuple[Bools, bool]:
    """Return the rows after the last one with another label, and the label that they share."""
    runs = [(when > when[positive != label].max(), label) for label in (False, True)]
    return max(runs, key=lambda run: int(np.count_nonzero(run[0])))


def _run(
    sample: Sample, time: str, name: str, words: str, found: tuple[Bools, bool], positive: Bools
) -> Iterator[Figure]:
    inside, label = found
    length, rest = int(np.count_nonzero(inside)), ~inside
    note = ""
    if length:
        when = moments(sample.table, time)
        nearest = np.nanargmin if name == "constant_tail" else np.nanargmax
        edge = written(sample.table, time, int(nearest(np.where(inside, when, np.nan))))
        note = f"{words.format(edge)} every label is {'the positive value' if label else 'not the positive value'}"
    yield proportion(f"{name}_share", length, positive.size, note=note)
    same = int(np.count_nonzero(positive[rest] == label))
    # Laplace's rule: the rest holds one other label at least, yet the rate of all others is never taken as certain.
    rate = (same + 1) / (int(np.count_nonzero(rest)) + 2)
    yield exact(f"{name}_chance", rate**length, positive.size, note=f"{length} rows at a rate of {rate:.3f}")


def _periods(table: pa.Table, time: str, when: Floats, period: str) -> Grouping:
    if is_number(table.column(time).type):
        return by_period(table, time, "year")
    micros = pa.array(np.nan_to_num(when * 1e6).astype(np.int64), pa.timestamp("us"), mask=np.isnan(when))
    dates = pa.table({time: micros})
    if period:
        return by_period(dates, time, period)
    for unit in ("month", "quarter"):
        try:
            return by_period(dates, time, unit)
        except ValueError:
            continue
    return by_period(dates, time, next(iter(FORMATS)))


def _balance(periods: Grouping, positive: Bools) -> Iterator[Figure]:
    sizes, hits = periods.counts(), periods.counts(positive)
    total, every = int(sizes.sum()), int(hits.sum())
    for code in np.flatnonzero(sizes).tolist():
        n, k, group = int(sizes[code]), int(hits[code]), periods.label(code)
        yield proportion("period_positive_rate", k, n, group)
        if n < total:
            low, high = difference(k, n, every - k, total - n)
            apart = k / n - (every - k) / (total - n)
            yield Figure("period_rate_difference", apart, n, float(low), float(high), group)
