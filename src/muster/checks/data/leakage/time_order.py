"""Order in time: whether the sample is later than the rows of the fit, and no input later than its decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.data.asked import companion_of, rows_of, time_of
from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.checks.parameters import optional_names
from muster.columns.arrow import Floats
from muster.columns.sample import Sample
from muster.columns.statistics.moments import moments, written
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Shares of rows that have a time, with Wilson's intervals. A row is early when it is not later than the latest row "
    "of the fit; a value is known later when its own date is after the time of its row."
)


@check("data.time_order", version=1, parameters=("time", "known_later"))
def time_order(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure leakage through time: ``not_after_training_share`` and ``known_later_share``.

    ``time``: column that says when a row was decided (the sample's own); ``known_later``: columns of dates on which
    inputs became known, none of which may be after the decision. Needs the training rows beside the sample, or
    ``known_later``.
    """
    total, time = rows_of(sample), time_of(sample, parameters)
    if not time:
        msg = f"sample {sample.name!r} has no time column: name it with the parameter time"
        raise ValueError(msg)
    when = moments(sample.table, time)
    dated = int(np.count_nonzero(~np.isnan(when)))
    if dated == 0:
        msg = f"column {time!r} says of no row when it was"
        raise ValueError(msg)
    figures = [proportion("time_missing_share", total - dated, total)]
    names = optional_names(parameters, "known_later")
    if sample.companion is not None or not names:
        figures.append(_early(sample, time, when, dated))
    figures += _known_later(sample, names, when)
    return Measurement(tuple(figures), method=METHOD)


def _early(sample: Sample, time: str, when: Floats, dated: int) -> Figure:
    beside = companion_of(sample)
    fitted = moments(beside.table, time)
    if np.isnan(fitted).all():
        msg = f"column {time!r} says of no row of {beside.name} when it was"
        raise ValueError(msg)
    last = int(np.nanargmax(fitted))
    early = int(np.count_nonzero(when <= fitted[last]))
    note = f"the latest row of {beside.label} is of {written(beside.table, time, last)}"
    return proportion("not_after_training_share", early, dated, note=note)


def _known_later(sample: Sample, names: tuple[str, ...], when: Floats) -> Iterator[Figure]:
    for name in names:
        known = moments(sample.table, name)
        able = ~np.isnan(known) & ~np.isnan(when)
        of = int(np.count_nonzero(able))
        if of == 0:
            msg = f"no row has both a time and a date in column {name!r}: nothing is known of their order"
            raise ValueError(msg)
        yield proportion("known_later_share", int(np.count_nonzero(known[able] > when[able])), of, name)
