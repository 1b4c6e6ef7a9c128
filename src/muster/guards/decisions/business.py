"""Guard: rules of the house, as data; each compares inputs and marks, refers or refuses the rows where all of it holds.

There is no language in them: a comparison of a column with a value, and all of a rule's comparisons must hold. What is
missing is neither above nor below anything, nor different from it: only ``missing`` holds of it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.columns.row.limits import Values
from muster.guards.guard import Context, Event, Outcome, Rows, Ruling
from muster.guards.plain import Bounds
from muster.guards.values import absent, floats, texts
from muster.records.data import Column, ColumnType
from muster.records.governance.serving import BusinessRule, Condition, Effect, Holds

MARK = "rule:"
"""Before the id of a rule, in marks and reason codes."""

FEW = 16
"""Rows that are compared one by one: an array costs more than that."""

_COMPARE: Mapping[Holds, Callable[[Any, Any], Any]] = {
    Holds.BELOW: operator.lt,
    Holds.AT_MOST: operator.le,
    Holds.ABOVE: operator.gt,
    Holds.AT_LEAST: operator.ge,
    Holds.EQUALS: operator.eq,
    Holds.DIFFERS: operator.ne,
}
_OF_TEXT = frozenset({Holds.EQUALS, Holds.DIFFERS, Holds.MISSING})


class Business:
    """Hold every row against every rule, in the order of the policy."""

    name = "business"
    judges = Rows

    def __init__(self) -> None:
        self._rules: tuple[tuple[BusinessRule, tuple[_Comparison, ...]], ...] = ()
        self._allow = Ruling(self.name, Outcome.ALLOW)

    def open(self, context: Context) -> None:
        """Take the rules; raise ValueError where one compares what the model is not given, or makes no sense."""
        if not context.rules:
            msg = "there are no rules to hold requests against"
            raise ValueError(msg)
        columns = {column.name: column for column in context.columns}
        self._rules = tuple((rule, tuple(_Comparison(c, rule, columns) for c in rule.when)) for rule in context.rules)
        if empty := [rule.id for rule, when in self._rules if not when]:
            msg = f"rule {empty[0]} compares nothing: it would be about every row"
            raise ValueError(msg)

    def feed(self, event: Event) -> Ruling | None:
        """Judge the rows; a rule that refuses comes before one that refers."""
        if not isinstance(event, Rows):
            return None
        marks: dict[int, list[str]] = {}
        found: dict[Effect, dict[int, str]] = {Effect.REFER: {}, Effect.REFUSE: {}, Effect.FLAG: {}}
        for rule, when in self._rules:
            mark = MARK + rule.id
            for row in _rows(when, event):
                marks.setdefault(row, []).append(mark)
                found[rule.then].setdefault(row, mark)
        if not marks:
            return self._allow
        referred = {row: mark for row, mark in found[Effect.REFER].items() if row not in found[Effect.REFUSE]}
        outcome = Outcome.ABSTAIN if referred or found[Effect.REFUSE] else Outcome.FLAG
        return Ruling(self.name, outcome, "a rule of the house", marks, referred, found[Effect.REFUSE])

    def narrow(self, bounds: Bounds) -> bool:
        """Allow rows of which no rule holds."""
        place = {name: at for at, name in enumerate(bounds.names)}
        rules = [[(place[each.name], each.of) for each in when] for _, when in self._rules]

        def spared(values: Values) -> bool:
            return not any(all(of(values[at]) for at, of in when) for when in rules)

        bounds.rows.append(spared)
        return True

    def close(self) -> None:
        """Nothing is remembered."""


class _Comparison:
    """One condition, made ready."""

    def __init__(self, condition: Condition, rule: BusinessRule, columns: Mapping[str, Column]) -> None:
        column = columns.get(condition.column)
        if column is None:
            msg = f"rule {rule.id} compares {condition.column}, which is no input of the model"
            raise ValueError(msg)
        self._text = column.type is ColumnType.CATEGORY
        _require_sense(condition, rule, text=self._text)
        self.name, self._value = condition.column, condition.value
        self._compare = _COMPARE.get(condition.holds)

    def of(self, value: Any) -> bool:
        """Tell whether it holds of a value of its column."""
        gone = value is None or value != value  # noqa: PLR0124 - only NaN differs from itself
        return gone if self._compare is None else not gone and bool(self._compare(value, self._value))

    def mask(self, columns: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Tell of which rows it holds."""
        values = columns[self.name]
        gone = absent(values)
        if self._compare is None:
            return gone
        read = texts(values) if self._text else floats(values)
        return np.asarray(self._compare(read, self._value), np.bool_) & ~gone


def _rows(when: Sequence[_Comparison], event: Rows) -> Sequence[int]:
    if event.size <= FEW:
        return [row for row in range(event.size) if all(each.of(event.columns[each.name][row]) for each in when)]
    first, *rest = when
    mask = first.mask(event.columns)
    for each in rest:
        if not mask.any():
            break
        mask = mask & each.mask(event.columns)
    return np.flatnonzero(mask).tolist()


def _require_sense(condition: Condition, rule: BusinessRule, *, text: bool) -> None:
    value, holds = condition.value, condition.holds
    problem = ""
    if text and holds not in _OF_TEXT:
        problem = f"{condition.column} is a category: it can equal, differ or be missing"
    elif holds is Holds.MISSING and value is not None:
        problem = f"{condition.column} is missing or not: leave out the value"
    elif holds is not Holds.MISSING and not isinstance(value, str if text else float | int):
        problem = f"{condition.column} needs {'a category' if text else 'a number'} to be compared with"
    elif isinstance(value, float) and not np.isfinite(value):
        problem = f"{condition.column} is compared with what is no number"
    if problem:
        msg = f"rule {rule.id}: {problem}"
        raise ValueError(msg)
