"""Stress scenarios as data: what a downturn, a shock of rates or a broken feed would do to the decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from muster.checks.declare import check
from muster.checks.robustness.changes import OPERATIONS, Change
from muster.checks.robustness.compare import after, before
from muster.columns.sample import Sample
from muster.records.evidence import Measurement


@check("robustness.scenarios", version=1, required=("scenarios",), parameters=("rows",))
def scenarios(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Change rows as each scenario says and measure what becomes of the decisions.

    ``scenarios``: by name, each a list of changes with a column, one of multiply, add, set, noise, missing, shuffle and
    typo with its amount, and, where not every row is concerned, a share of rows; ``rows`` as in ``robustness.noise``.
    For example ``{"downturn": [{"column": "income", "multiply": 0.8, "share": 0.5}, {"column": "late", "add": 1}]}``.
    Needs the model beside the sample.
    """
    told = parameters["scenarios"]
    if not isinstance(told, Mapping) or not told:
        msg = f"parameter scenarios must give names with lists of changes, got {told!r}"
        raise ValueError(msg)
    read = {str(name): _read(str(name), changes) for name, changes in told.items()}
    rows = before(sample, parameters)
    figures = tuple(figure for name, changes in read.items() for figure in after(rows, changes, name))
    return Measurement(figures, method=f"Changes as the parameters say, in their order. {rows.method}")


def _read(name: str, changes: Any) -> tuple[Change, ...]:
    if not isinstance(changes, Sequence) or isinstance(changes, str) or not changes:
        msg = f"scenario {name!r} must be a list of changes, got {changes!r}"
        raise ValueError(msg)
    return tuple(_change(name, change) for change in changes)


def _change(name: str, told: Any) -> Change:
    where = f"scenario {name!r}"
    if not isinstance(told, Mapping) or not isinstance(told.get("column"), str):
        msg = f"{where}: each change names a column, got {told!r}"
        raise ValueError(msg)
    rest = {key: value for key, value in told.items() if key not in {"column", "share"}}
    if len(rest) != 1 or not set(rest) <= set(OPERATIONS):
        msg = (
            f"{where}, column {told['column']!r}: give one of {', '.join(OPERATIONS)}, got {', '.join(rest) or 'none'}"
        )
        raise ValueError(msg)
    share = told.get("share", 1.0)
    if not isinstance(share, (int, float)) or isinstance(share, bool) or not 0 < share <= 1:
        msg = f"{where}, column {told['column']!r}: share must be a number above 0 up to 1, got {share!r}"
        raise ValueError(msg)
    ((operation, amount),) = rest.items()
    return Change(told["column"], operation, amount, float(share))
