"""What data checks are asked about: rows, columns, other rows; each with a clear error where it is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from muster.checks.parameters import optional_names, text
from muster.columns.arrow import column_of
from muster.columns.rescoring import Companion
from muster.columns.sample import Sample


def rows_of(sample: Sample) -> int:
    """Return the number of rows; raise ValueError if there is none."""
    if sample.rows == 0:
        msg = f"sample {sample.name!r} has no rows"
        raise ValueError(msg)
    return sample.rows


def columns_of(sample: Sample, parameters: Mapping[str, Any], name: str = "columns") -> tuple[str, ...]:
    """Return the columns asked about, by default the model's inputs, or all but the target where none are known.

    Raises
    ------
    ValueError
        If one does not exist, or none is left.
    """
    every = tuple(column for column in sample.table.column_names if column != sample.target)
    asked = optional_names(parameters, name, sample.inputs or every)
    for column in asked:
        column_of(sample.table, column)
    if not asked:
        msg = f"sample {sample.name!r} has no column to look at"
        raise ValueError(msg)
    return asked


def companion_of(sample: Sample) -> Companion:
    """Return the rows beside the sample; raise ValueError if there are none."""
    if sample.companion is None or sample.companion.table.num_rows == 0:
        msg = f"sample {sample.name!r} has no other rows beside it: hand over the training rows to compare with"
        raise ValueError(msg)
    return sample.companion


def time_of(sample: Sample, parameters: Mapping[str, Any]) -> str:
    """Return the column that says when each row is, from the parameter ``time`` or the sample; empty if none does."""
    return text(parameters, "time") or sample.time
