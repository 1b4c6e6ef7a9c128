"""Overlap: rows, or people, that are in the sample and also among the rows that the model was fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.data.asked import columns_of, companion_of, rows_of
from muster.checks.declare import check
from muster.checks.figures import proportion
from muster.checks.parameters import optional_names
from muster.columns.arrow import Bools
from muster.columns.rescoring import Companion
from muster.columns.sample import Sample
from muster.columns.statistics.rows import row_codes
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Rows of the sample that are equal, in every column compared, to a row of {companion}; missing values equal each "
    "other. Wilson's intervals. Where few different rows are possible some are equal by coincidence: 'coincidence' is "
    "the share of the sample's rows that equal another row of the sample itself."
)


@check("data.overlap", version=1, parameters=("columns", "group"))
def overlap(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure which share of the sample's rows is among the training rows too: ``overlap_share``.

    ``columns``: which make a row the same (the model's inputs); ``group``: columns that name a person, household or
    site, for ``group_overlap_share``, the rows whose group is in both. Needs the training rows beside the sample.
    """
    total, beside = rows_of(sample), companion_of(sample)
    names = columns_of(sample, parameters)
    figures = [*_shares(sample, beside, names, total)]
    if "group" in parameters:
        group = optional_names(parameters, "group")
        hits = int(np.count_nonzero(_inside(sample, beside, group)))
        figures.append(proportion("group_overlap_share", hits, total, note=f"same {', '.join(group)}"))
    return Measurement(tuple(figures), method=METHOD.format(companion=beside.label))


def _shares(sample: Sample, beside: Companion, names: tuple[str, ...], total: int) -> Iterator[Figure]:
    note = f"over {len(names)} columns"
    yield proportion("overlap_share", int(np.count_nonzero(_inside(sample, beside, names))), total, note=note)
    if sample.target and sample.target in beside.table.column_names and sample.target not in names:
        both = int(np.count_nonzero(_inside(sample, beside, (*names, sample.target))))
        yield proportion("labelled_overlap_share", both, total, note="the label is the same too")
    (codes,) = row_codes([sample.table], names)
    repeated = int(np.count_nonzero(np.bincount(codes)[codes] > 1))
    yield proportion("coincidence", repeated, total)


def _inside(sample: Sample, beside: Companion, names: tuple[str, ...]) -> Bools:
    own, others = row_codes([sample.table, beside.table], names)
    return np.isin(own, others)
