"""Faults that happen to data on its way: noise, gaps, a feed that fails, slips of the keyboard and of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.parameters import number, optional_names
from muster.checks.robustness.changes import TYPOS, Change
from muster.checks.robustness.compare import Before, after, before
from muster.columns.arrow import floats
from muster.columns.sample import Sample
from muster.records.evidence import Measurement

ALL = "all inputs together"
FACTORS = (0.001, 0.01, 0.1, 10, 100, 1000)


@check("robustness.noise", version=1, parameters=("level", "columns", "rows"))
def noise(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Add noise to each numeric input alone and to all together: ``decision_change_share`` and the score's shift.

    ``level``: size of the noise in robust standard deviations of the input (0.1); ``columns``: which inputs (all
    numeric ones); ``rows``: at most so many rows are scored again (2,000). Needs the model beside the sample.
    """
    level, rows = number(parameters, "level", 0.1, least=0.0, most=10.0), before(sample, parameters)
    changes = {name: (Change(name, "noise", level),) for name in _asked(parameters, rows.numbers, "numeric")}
    return _measured(rows, _with_all(changes), f"Normal noise of {level:g} robust standard deviations.")


@check("robustness.missing", version=1, parameters=("share", "columns", "rows"))
def missing(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Take away a share of the values of each input alone and of all together, at random.

    ``share``: which share is lost (0.1; with 1 a feed fails altogether); ``columns``: which inputs (all); ``rows`` as
    in ``robustness.noise``. Needs the model beside the sample.
    """
    share, rows = number(parameters, "share", 0.1, least=0.0, most=1.0), before(sample, parameters)
    asked = _asked(parameters, rows.table.column_names, "")
    changes = {name: (Change(name, "missing", share),) for name in asked}
    return _measured(rows, _with_all(changes), f"Of each column {share:.0%} of values are lost at random.")


@check("robustness.outage", version=1, parameters=("columns", "rows"))
def outage(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Let the source of one input fail: it is missing in every row, stuck at one value, or of other rows.

    ``columns``: which inputs (all); ``rows`` as in ``robustness.noise``. Stuck is the median, or for a category the
    commonest; of other rows is as after a wrong join. Needs the model beside the sample.
    """
    rows = before(sample, parameters)
    changes = {}
    for name in _asked(parameters, rows.table.column_names, ""):
        changes[f"{name} missing"] = (Change(name, "missing", 1.0),)
        changes[f"{name} stuck"] = (Change(name, "set", _middle(rows, name)),)
        changes[f"{name} of other rows"] = (Change(name, "shuffle", None),)
    return _measured(rows, changes, "One input fails at a time, in every row.")


@check("robustness.extremes", version=1, parameters=("beyond", "columns", "rows"))
def extremes(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Put each numeric input at its least and greatest value, and outside of both.

    ``beyond``: how far outside, in ranges of the column (1); ``columns``: which inputs (all numeric ones); ``rows`` as
    in ``robustness.noise``. The range is that of the training rows where they are beside the sample, else of the
    sample. Needs the model beside the sample.
    """
    beyond, rows = number(parameters, "beyond", 1.0, least=0.0, most=1e6), before(sample, parameters)
    source = sample.table if sample.companion is None else sample.companion.table
    changes = {}
    for name in _asked(parameters, rows.numbers, "numeric"):
        known = floats(source, name)
        known = known[np.isfinite(known)]
        if known.size == 0:
            continue
        low, high = float(known.min()), float(known.max())
        far = beyond * (high - low)
        for what, value in (("least", low), ("greatest", high), ("under", low - far), ("over", high + far)):
            changes[f"{name} {what}"] = (Change(name, "set", value),)
    told = "the sample" if sample.companion is None else sample.companion.label
    return _measured(rows, changes, f"Least and greatest values of {told}; under and over are {beyond:g} ranges off.")


@check("robustness.typos", version=1, parameters=("columns", "rows"))
def typos(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Misspell each category input: two letters swapped, one lost, other case, a space behind it.

    ``columns``: which inputs (all that hold text); ``rows`` as in ``robustness.noise``. A model that refuses what it
    does not know has a ``refused_share`` near 1 and changes no decision. Needs the model beside the sample.
    """
    rows = before(sample, parameters)
    changes = {
        f"{name} {typo}": (Change(name, "typo", typo),)
        for name in _asked(parameters, rows.categories, "category")
        for typo in TYPOS
    }
    return _measured(rows, changes, "Every value of the column is misspelt in the same way.")


@check("robustness.units", version=1, parameters=("columns", "rows"))
def units(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Mistake the unit of each numeric input: a thousandth to a thousand times the number, as cents for euros.

    ``columns``: which inputs (all numeric ones); ``rows`` as in ``robustness.noise``. Needs the model beside the
    sample.
    """
    rows = before(sample, parameters)
    changes = {
        f"{name} x {factor:g}": (Change(name, "multiply", factor),)
        for name in _asked(parameters, rows.numbers, "numeric")
        for factor in FACTORS
    }
    return _measured(rows, changes, "Every number of the column is multiplied.")


def _measured(rows: Before, changes: Mapping[str, Sequence[Change]], how: str) -> Measurement:
    figures = tuple(figure for group, made in changes.items() for figure in after(rows, made, group))
    if not figures:
        msg = "none of the columns has a value to change"
        raise ValueError(msg)
    return Measurement(figures, method=f"{how} {rows.method}")


def _with_all(changes: Mapping[str, tuple[Change, ...]]) -> dict[str, tuple[Change, ...]]:
    return {ALL: tuple(change for made in changes.values() for change in made), **changes}


def _asked(parameters: Mapping[str, Any], able: Iterable[str], what: str) -> tuple[str, ...]:
    known = tuple(able)
    asked = optional_names(parameters, "columns", known)
    if strange := [name for name in asked if name not in known]:
        msg = f"{', '.join(strange)}: no {what} input of the model is called so; there are {', '.join(known) or 'none'}"
        raise ValueError(msg.replace("no  ", "no "))
    if not asked:
        msg = f"the model has no {what} input"
        raise ValueError(msg)
    return asked


def _middle(rows: Before, name: str) -> Any:
    if name in rows.numbers:
        known = np.sort(floats(rows.table, name))
        known = known[np.isfinite(known)]
        # The lower median is a value that occurs: whole numbers stay whole.
        return float(known[(known.size - 1) // 2]) if known.size else 0.0
    counted: Any = rows.table.column(name).value_counts()
    return min(counted.to_pylist(), key=lambda item: (-item["counts"], str(item["values"])))["values"]
