"""Changed rows: the same people with other values in some columns, scored by the same model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Bools, Floats, Integers
from muster.columns.rescoring import Rescorer, rescored
from muster.columns.sample import Sample
from muster.records.model import DecisionRule, Favourable

APART = 1e-5
"""Scores of unchanged rows may differ by this much: compiled models round to 32 bits."""

SEED = 20240229


def inputs_of(sample: Sample) -> tuple[str, ...]:
    """Return the model's inputs; raise ValueError if the sample does not say which they are."""
    if not sample.inputs:
        msg = f"sample {sample.name!r} does not say which inputs the model reads"
        raise ValueError(msg)
    return sample.inputs


def rescorer_of(sample: Sample, rows: Integers) -> Rescorer:
    """Return what scores changed rows, once it has given the sample's own scores for unchanged ones.

    Raises
    ------
    ValueError
        If the sample has no rescorer, or it gives other scores: it is then of another model.
    """
    if sample.rescorer is None:
        msg = f"sample {sample.name!r} comes without its model: changed rows cannot be scored"
        raise ValueError(msg)
    apart = np.abs(rescored(sample.rescorer, sample.table.take(rows)) - sample.scores[rows])
    if apart.size and apart.max() > APART:
        row = int(rows[int(apart.argmax())])
        msg = (
            f"the model beside the sample gives row {row} (rows count from 0) a score that differs by {apart.max():g} "
            "from the sample's: it is not the model that the sample was scored with"
        )
        raise ValueError(msg)
    return sample.rescorer


def choose(rows: Integers, most: int) -> Integers:
    """Return at most so many of the rows, in order, chosen by a fixed seed."""
    if rows.size <= most:
        return rows
    return np.sort(np.random.default_rng(SEED).choice(rows, size=most, replace=False))


def changed(table: pa.Table, columns: Mapping[str, Any]) -> pa.Table:
    """Return the table with other values in the named columns, cast to the types that these have."""
    for name, values in columns.items():
        place = table.column_names.index(name)
        column = pa.chunked_array([values]) if isinstance(values, pa.Array) else values
        table = table.set_column(place, table.schema.field(place), column.cast(table.schema.field(place).type))
    return table


def decide(rule: DecisionRule, scores: Floats) -> Bools:
    """Return whether each score gets the favourable decision."""
    return scores < rule.threshold if rule.favourable is Favourable.BELOW else scores >= rule.threshold


def towards_favour(rule: DecisionRule, scores: Floats) -> Floats:
    """Return scores turned so that higher is better for the person."""
    return -scores if rule.favourable is Favourable.BELOW else scores
