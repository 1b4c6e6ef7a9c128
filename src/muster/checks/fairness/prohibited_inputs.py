"""Prohibited inputs: columns that the model must not read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from muster.checks.declare import check
from muster.checks.parameters import names
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Measurement

METHOD = (
    "Names of the model's inputs are compared, in any case of letters, with the prohibited names; counts are exact."
)


@check("fairness.prohibited_inputs", version=1, required=("columns",))
def prohibited_inputs(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Count the model's inputs that are prohibited, in all and for each prohibited name.

    ``columns``: names; ``*`` stands for any text, so that ``MARRIAGE_*`` covers every indicator made from one column.
    """
    if not sample.inputs:
        msg = f"sample {sample.name!r} does not say which inputs the model reads"
        raise ValueError(msg)
    found = {pattern: matches(sample.inputs, pattern) for pattern in names(parameters, "columns")}
    every = [name for name in sample.inputs if any(name in hits for hits in found.values())]
    figures = [_figure(every, sample), *(_figure(hits, sample, pattern) for pattern, hits in found.items())]
    return Measurement(tuple(figures), method=METHOD)


def matches(inputs: Sequence[str], pattern: str) -> tuple[str, ...]:
    """Return the inputs that a prohibited name stands for, in any case of letters; ``*`` is any text."""
    expression = re.compile(".*".join(re.escape(part) for part in pattern.casefold().split("*")), re.DOTALL)
    return tuple(name for name in inputs if expression.fullmatch(name.casefold()))


def _figure(hits: Sequence[str], sample: Sample, group: str = "") -> Figure:
    count, note = float(len(hits)), ", ".join(hits)
    if group and not hits and not matches(sample.table.column_names, group):
        note = "no column of the sample has this name: is it spelt right?"
    return Figure("prohibited_inputs", count, len(sample.inputs), count, count, group, note)
