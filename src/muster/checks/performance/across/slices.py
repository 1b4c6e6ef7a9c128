"""Slices: where the model does worst, found over all columns and pairs of columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import estimate, exact
from muster.checks.parameters import choice, names, number, whole
from muster.columns.arrow import Floats
from muster.columns.sample import Sample
from muster.columns.statistics.slicing import Slice, examine, parts_of
from muster.records.evidence import Figure, Measurement

LOSSES = ("error", "log_loss", "brier")

METHOD = (
    "Loss of a row: {loss}. Columns in at most {bins} bins of about equal counts (categories by name, missing values "
    "by themselves); every bin and, at depth 2, every pair of bins of two columns with at least {fewest} rows is held "
    "against all other rows. One-sided normal test with the larger of pooled and separate variance; p-values adjusted "
    "for {count} slices that may depend on each other in any way (Benjamini and Yekutieli 2001), so that of those "
    "counted as worse at most {level:g} are expected to be so by chance. Shown are those with the highest lower "
    "limits; as the highest of many, their gaps err on the high side. Each row counts once."
)


@check(
    "performance.slices", version=1, parameters=("columns", "loss", "bins", "depth", "minimum_group", "level", "shown")
)
def slices(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Find the parts of the sample where the model does worst, with control of false findings.

    ``columns``: which to slice by (the model's inputs); ``loss``: error, log_loss or brier (error); ``bins``: most bins
    of a numeric column (6); ``depth``: 1 for single columns, 2 for pairs too (2); ``minimum_group``: fewest rows of a
    slice (100); ``level``: share of false findings among those counted as worse (0.05); ``shown``: slices given (10).
    """
    columns = names(parameters, "columns") if "columns" in parameters else sample.inputs
    if not columns:
        msg = f"sample {sample.name!r} does not say which inputs the model reads: name the columns"
        raise ValueError(msg)
    loss, level = choice(parameters, "loss", LOSSES), number(parameters, "level", 0.05, least=0.0, most=1.0)
    bins, depth = whole(parameters, "bins", 6, least=2), whole(parameters, "depth", 2)
    fewest = whole(parameters, "minimum_group", 100, least=20)
    losses = _losses(sample, loss)
    found = examine([parts_of(sample.table, name, bins) for name in columns], losses, depth=depth, fewest=fewest)
    if not found:
        msg = f"no slice has {fewest} rows inside and outside, of {losses.size}"
        raise ValueError(msg)
    shown = whole(parameters, "shown", 10)
    figures = (*_summary(found, losses, level), *(figure for one in found[:shown] for figure in _one(one)))
    method = METHOD.format(loss=loss, bins=bins, fewest=fewest, count=len(found), level=level)
    return Measurement(figures, method=method)


def _losses(sample: Sample, loss: str) -> Floats:
    labels = sample.labels
    if loss == "error":
        return np.asarray(sample.predicted != labels, dtype=np.float64)
    miss = np.abs(sample.scores - labels)
    tiny = np.finfo(np.float64).eps
    losses: Floats = miss**2 if loss == "brier" else -np.log(np.clip(1 - miss, tiny, 1.0))
    return losses


def _summary(found: list[Slice], losses: Floats, level: float) -> Iterator[Figure]:
    n = losses.size
    yield exact("slices_examined", len(found), n)
    worse = sum(one.p <= level and one.gap > 0 for one in found)
    yield exact("slices_worse", worse, n, note=f"at a false discovery rate of {level:g}")
    yield exact("overall_loss", float(losses.mean()), n)


def _one(found: Slice) -> Iterator[Figure]:
    note = f"loss {found.loss:.4f}, of other rows {found.loss - found.gap:.4f}, adjusted p {found.p:.2g}"
    yield estimate("slice_gap", (found.gap, found.low, found.high), found.rows, found.name, note)
    yield exact("slice_p", found.p, found.rows, found.name)
