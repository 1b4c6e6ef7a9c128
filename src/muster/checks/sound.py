"""Soundness: whether a measurement holds what evidence must hold, whoever wrote the check that gave it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from muster.records.evidence import Figure, Measurement, Outcome


def faults(measurement: Any) -> tuple[str, ...]:
    """Return what is wrong with a measurement, in words; nothing where it is sound.

    Every figure has a name, a finite value, a whole n of 0 or more, and both limits or none, finite and in order; no
    two figures share name and group. What was not measured has a reason and no figures; what was measured has figures.
    """
    if not isinstance(measurement, Measurement):
        return (f"it returned {type(measurement).__name__}, not a Measurement",)
    return (*_outcome(measurement), *(fault for figure in measurement.figures for fault in _figure(figure)))


def _outcome(measurement: Measurement) -> Iterator[str]:
    if measurement.outcome is Outcome.NOT_MEASURED:
        if measurement.figures or not measurement.reason:
            yield "what is not measured must have a reason, and no figures"
        return
    if not measurement.figures:
        yield "it measured nothing and gave no reason: return NOT_MEASURED, or raise ValueError"
    if not all(isinstance(figure, Figure) for figure in measurement.figures):
        return
    counted = Counter((figure.name, figure.group) for figure in measurement.figures)
    for (name, group), times in counted.items():
        if times > 1:
            yield f"figure {name} of {group or 'the whole sample'} is given {times} times"


def _figure(figure: Any) -> Iterator[str]:
    if not isinstance(figure, Figure):
        yield f"it gave {type(figure).__name__} where a Figure must be"
        return
    where = f"figure {figure.name}{' of ' if figure.group else ''}{figure.group}"
    if not figure.name:
        yield "a figure has no name"
    if not _is_number(figure.value):
        yield f"{where} is {figure.value!r}: a finite number is needed"
    elif not _is_count(figure.n):
        yield f"{where} has n = {figure.n!r}: a whole number of 0 or more is needed"
    else:
        yield from _limits(figure, where)


def _limits(figure: Figure, where: str) -> Iterator[str]:
    for limit, side in ((figure.low, "low"), (figure.high, "high")):
        if limit is not None and not _is_number(limit):
            yield f"{where} has {side} = {limit!r}: a finite number or None is needed"
            return
    if (figure.low is None) != (figure.high is None):
        yield f"{where} has one limit of its interval: give both or none"
    elif figure.low is not None and figure.high is not None and figure.low > figure.high:
        yield f"{where} has an interval from {figure.low} down to {figure.high}"


def _is_number(value: Any) -> bool:
    return isinstance(value, (float, int)) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
