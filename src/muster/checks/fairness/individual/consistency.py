"""Consistency: whether people with like inputs get the same decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.parameters import names, whole
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import mean
from muster.columns.statistics.parity.design import encode
from muster.columns.statistics.parity.nearest import nearest
from muster.records.evidence import Figure, Measurement

SEED = 20240229
MOST_ROWS = 3000

METHOD = (
    "1 less the mean distance between a person's decision and the mean decision of the {neighbours} nearest others, by "
    "Euclidean distance over {count} inputs, standardised, categories as indicators; ties go to the earlier row. On "
    "{rows} rows{chosen}. Normal interval of a mean, which takes neighbours as given. What like means is decided by "
    "the inputs: inputs that stand in for a group make members of different groups unlike."
)


@check("fairness.consistency", version=1, parameters=("neighbours", "rows", "columns"))
def consistency(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure how far decisions agree among people with like inputs (Zemel and others 2013).

    ``neighbours``: how many (5); ``rows``: at most so many rows are used, chosen by a fixed seed (3,000); ``columns``:
    what likeness is judged by (all inputs of the model).
    """
    columns = names(parameters, "columns") if "columns" in parameters else sample.inputs
    if not columns:
        msg = f"sample {sample.name!r} does not say which inputs the model reads: name columns"
        raise ValueError(msg)
    neighbours = whole(parameters, "neighbours", 5)
    most = whole(parameters, "rows", MOST_ROWS, least=100)
    favourable = sample.favourable
    chosen = np.arange(sample.rows)
    if sample.rows > most:
        chosen = np.sort(np.random.default_rng(SEED).choice(sample.rows, size=most, replace=False))
    if chosen.size <= neighbours:
        msg = f"{chosen.size} rows have no {neighbours} neighbours each"
        raise ValueError(msg)
    table = sample.table.take(chosen)
    matrix = np.hstack([encode(table, name) for name in columns])
    spread = matrix.std(axis=0)
    scaled = (matrix - matrix.mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    decided = favourable[chosen].astype(np.float64)
    apart = np.abs(decided - decided[nearest(scaled, neighbours)].mean(axis=1))
    centre, low, high = mean(1 - apart)
    note = f" chosen by seed {SEED} of {sample.rows}" if chosen.size < sample.rows else ""
    method = METHOD.format(neighbours=neighbours, count=len(columns), rows=chosen.size, chosen=note)
    return Measurement((Figure("consistency", centre, chosen.size, low, min(high, 1.0)),), method=method)
