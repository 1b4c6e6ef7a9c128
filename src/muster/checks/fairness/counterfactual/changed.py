"""Changed rows: the same people with other values in some columns, scored by the same model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from muster.checks.rescored import SEED, furthest, model_of
from muster.columns.arrow import Floats, Integers
from muster.columns.rescoring import Rescorer
from muster.columns.sample import Sample
from muster.records.model import DecisionRule, Favourable


def rescorer_of(sample: Sample, rows: Integers) -> Rescorer:
    """Return what scores changed rows, once it has given the sample's own scores for unchanged ones.

    Raises
    ------
    ValueError
        If the sample has no rescorer, or it gives other scores: it is then of another model.
    """
    model = model_of(sample)
    if (found := furthest(model, sample.table.take(rows), sample.scores[rows])) is not None:
        place, apart = found
        msg = (
            f"the model beside the sample gives row {int(rows[place])} (rows count from 0) a score that differs by "
            f"{apart:g} from the sample's: it is not the model that the sample was scored with"
        )
        raise ValueError(msg)
    return model


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


def towards_favour(rule: DecisionRule, scores: Floats) -> Floats:
    """Return scores turned so that higher is better for the person."""
    return -scores if rule.favourable is Favourable.BELOW else scores
