"""Columns: what must not be in a dataset at all, and what may be kept but not fed to the model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from muster.checks.data.asked import rows_of
from muster.checks.declare import check
from muster.checks.figures import exact
from muster.checks.parameters import optional_names
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Measurement

METHOD = "Names of columns are compared, in any case of letters, with the names given; counts are exact."


@check("data.columns", version=1, parameters=("prohibited", "restricted"))
def columns(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Count prohibited columns of the dataset and restricted ones among the model's inputs.

    ``prohibited``: names that the dataset must not have, such as those of people; ``restricted``: names that it may
    have, to compare groups for example, but that no model may read. ``*`` stands for any text. One of both is needed.
    """
    rows_of(sample)
    prohibited, restricted = (optional_names(parameters, name) for name in ("prohibited", "restricted"))
    if not (prohibited or restricted):
        msg = "check data.columns needs the parameter prohibited or restricted"
        raise ValueError(msg)
    if restricted and not sample.inputs:
        msg = f"sample {sample.name!r} does not say which inputs the model reads"
        raise ValueError(msg)
    figures = [
        *_counted("prohibited_columns", prohibited, sample.table.column_names),
        *_counted("restricted_inputs", restricted, sample.inputs),
    ]
    return Measurement(tuple(figures), method=METHOD)


def _counted(name: str, patterns: Sequence[str], columns: Sequence[str]) -> list[Figure]:
    if not patterns:
        return []
    found = {pattern: [column for column in columns if _matches(column, pattern)] for pattern in patterns}
    every = [column for column in columns if any(column in hits for hits in found.values())]
    total = exact(name, len(every), len(columns), note=", ".join(every))
    return [total, *(exact(name, len(hits), len(columns), of, ", ".join(hits)) for of, hits in found.items())]


def _matches(column: str, pattern: str) -> bool:
    parts = (re.escape(part) for part in pattern.casefold().split("*"))
    return re.fullmatch(".*".join(parts), column.casefold(), re.DOTALL) is not None
