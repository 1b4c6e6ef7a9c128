"""The laws that every check keeps, as the kit tries them: what is broken comes back in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from muster.checks.declare import Check
from muster.checks.sound import faults
from muster.columns.arrow import Integers
from muster.columns.sample import Sample
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.evidence import Figure, Measurement, Outcome

CLOSE = 1e-9
"""Sums of floats in another order differ by rounding, no more; relative."""

Trial = tuple[Sample, Mapping[str, Any]]


def broken_laws(
    check: Check, asked: Mapping[str, Any], sample: Sample, *, order_free: bool
) -> tuple[Measurement, list[str]]:
    """Measure a sample with the parameters asked and try every law; return what was measured and the laws broken.

    ``order_free`` is False for a check whose meaning is in the order of rows.
    """
    scores = sample.raw_scores.copy()
    measured = check.measure(sample, asked)
    broken = [*_undeclared(check), *_unsound(measured, sample)]
    if not np.array_equal(sample.raw_scores, scores, equal_nan=True):
        broken.append("it changes the sample that it measures")
    broken += _unsteady(check, asked, sample, measured, order_free=order_free)
    return measured, [*broken, *_unguarded(check, asked, sample)]


def _undeclared(check: Check) -> Iterator[str]:
    if not all(part.isidentifier() for part in check.name.split(".")) or "." not in check.name:
        yield f"name {check.name!r}: a family and a name of letters, digits and _, such as performance.surprise"
    if type(check.version) is not int or check.version < 1:
        yield f"version {check.version!r}: a whole number that counts from 1"
    if not check.summary.endswith("."):
        yield "its docstring begins with one line that ends in a full stop"
    for name in check.parameters:
        if f"``{name}``" not in check.documentation and "as in ``" not in check.documentation:
            yield f"its docstring says nothing of the parameter ``{name}``"


def _unsound(measured: Measurement, sample: Sample) -> Iterator[str]:
    if measured.outcome is not Outcome.MEASURED:
        yield f"it could not measure the sample that it is tested on: {measured.reason}"
        return
    yield from faults(measured)
    if not measured.method:
        yield "its method is empty: say in a sentence how figures and intervals were computed"
    most = sample.rows + (sample.companion.table.num_rows if sample.companion else 0)
    for figure in measured.figures:
        if figure.n > most:
            yield f"figure {figure.name} {figure.group} has n = {figure.n}, and there are {most} rows"
        if not _inside(figure):
            yield f"figure {figure.name} {figure.group} is {figure.value}, outside of {figure.low} to {figure.high}"
    canonical(encode(measured))


def _inside(figure: Figure) -> bool:
    if figure.low is None or figure.high is None:
        return True
    return figure.low <= figure.value <= figure.high


def _unsteady(
    check: Check, asked: Mapping[str, Any], sample: Sample, measured: Measurement, *, order_free: bool
) -> Iterator[str]:
    if check.measure(sample, asked) != measured:
        yield "the same sample gives other figures: fix the seed"
    mixed = chosen(sample, np.random.default_rng(7).permutation(sample.rows))
    if order_free and not _alike(measured, check.measure(mixed, asked)):
        yield "the same rows in another order give other figures"


def chosen(sample: Sample, rows: Integers) -> Sample:
    """Return some rows of a sample in the order given: of the table and of every array that has a value a row."""
    kept = {"table", "reference", "companion", "rescorer"}
    parts: dict[str, Any] = {
        field.name: _chosen(getattr(sample, field.name), rows, sample.rows)
        for field in fields(sample)
        if field.name not in kept
    }
    return replace(sample, table=sample.table.take(rows), **parts)


def _chosen(part: Any, rows: Integers, of: int) -> Any:
    if isinstance(part, np.ndarray) and part.ndim and len(part) == of:
        return part[rows]
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{field.name: _chosen(getattr(part, field.name), rows, of) for field in fields(part)})
    return part


def _alike(one: Measurement, other: Measurement) -> bool:
    if one.outcome is not other.outcome or len(one.figures) != len(other.figures):
        return False
    found = {(figure.name, figure.group): figure for figure in other.figures}
    return all(
        (twin := found.get((figure.name, figure.group))) is not None
        and twin.n == figure.n
        and all(
            _close(getattr(figure, side), getattr(twin, side)) for side in ("value", "low", "high")
        )
        for figure in one.figures
    )  # fmt: skip


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


def _unguarded(check: Check, asked: Mapping[str, Any], sample: Sample) -> Iterator[str]:
    spoilt = np.full(sample.raw_scores.shape, np.nan)
    trials: dict[str, Trial] = {
        "no rows": (chosen(sample, np.arange(0)), asked),
        "one row": (chosen(sample, np.arange(1)), asked),
        "scores that are not numbers": (replace(sample, raw_scores=spoilt), asked),
        "no labels": (replace(sample, target=""), asked),
        "no inputs": (replace(sample, inputs=()), asked),
        "no model beside the sample": (replace(sample, rescorer=None), asked),
        "no other rows beside the sample": (replace(sample, companion=None), asked),
    }
    mistakes: dict[str, Trial] = {"an unknown parameter": (sample, {**asked, "no_such_parameter": 1})}
    for name in check.parameters:
        mistakes[f"parameter {name} of another type"] = (sample, {**asked, name: object()})
    for name in check.required:
        mistakes[f"parameter {name} left out"] = (sample, {key: asked[key] for key in asked if key != name})
    for trial, (rows, given) in trials.items():
        yield from _trial(check, trial, rows, given, refused=False)
    for trial, (rows, given) in mistakes.items():
        yield from _trial(check, trial, rows, given, refused=True)


def _trial(check: Check, trial: str, sample: Sample, given: Mapping[str, Any], *, refused: bool) -> Iterator[str]:
    try:
        found = check.measure(sample, given)
    except Exception as problem:  # noqa: BLE001 - whatever it raises is what is reported
        yield f"with {trial} it raises {type(problem).__name__}: {problem}"
        return
    if refused and found.outcome is Outcome.MEASURED:
        yield f"with {trial} it measures all the same: raise ValueError with the reason"
    yield from (f"with {trial}: {fault}" for fault in faults(found))
