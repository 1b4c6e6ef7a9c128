from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.columns.many.columns import COLUMNS, rows

from muster.columns.many.dense import Typed, layout_of
from muster.guards.envelope import Envelope
from muster.guards.guard import Context, Outcome, Rows, Ruling, Scores
from muster.records.data import Column, ColumnType


def envelope(*columns: Column, **changes: Any) -> Envelope:
    guard = Envelope()
    guard.open(Context(columns, **changes))
    return guard


def fed(guard: Envelope, values: list[Any]) -> Ruling:
    ruling = guard.feed(Rows(len(values), {"x": values}, {"x": "FP64"}))
    assert ruling
    return ruling


X = Column("x", ColumnType.NUMBER, nullable=True, minimum=-1.0, maximum=2.0)

NUMBERS = st.lists(st.one_of(st.none(), st.floats(-5, 5)), min_size=1, max_size=20)


@given(NUMBERS)
def test_exactly_the_rows_outside_are_marked(values: list[float | None]) -> None:
    ruling = fed(envelope(X), values)
    outside = [row for row, value in enumerate(values) if value is not None and (value < -1.0 or value > 2.0)]
    assert ruling.outcome is (Outcome.FLAG if outside else Outcome.ALLOW)
    assert ruling.flags == {row: ["outside-range:x"] for row in outside}


@given(NUMBERS)
def test_a_strict_policy_refuses_exactly_what_is_marked_otherwise(values: list[float | None]) -> None:
    marked = fed(envelope(X), values)
    strict = fed(envelope(X, outside_range="refuse"), values)
    assert (strict.outcome is Outcome.REFUSE) == (marked.outcome is Outcome.FLAG)
    if marked.flags:
        assert strict.reason == f"column x, row {min(marked.flags)}: outside the training range"


def test_half_open_ranges_and_columns_without_one() -> None:
    assert fed(envelope(Column("x", ColumnType.NUMBER, maximum=2.0)), [-1e300]).outcome is Outcome.ALLOW
    assert fed(envelope(Column("x", ColumnType.INTEGER, minimum=0.0)), [-1]).outcome is Outcome.FLAG
    assert fed(envelope(Column("x", ColumnType.NUMBER)), [1e300]).outcome is Outcome.ALLOW


@pytest.mark.parametrize("ends", [(2.0, 1.0), (float("nan"), 1.0)])
def test_a_range_that_holds_nothing_does_not_open(ends: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="is empty"):
        envelope(Column("x", ColumnType.NUMBER, minimum=ends[0], maximum=ends[1]))


def test_a_policy_that_is_not_understood_does_not_open() -> None:
    with pytest.raises(ValueError, match="flag or refuse"):
        envelope(X, outside_range="warn")


def test_scores_are_not_its_business() -> None:
    assert envelope(X).feed(Scores([0.5])) is None


@given(rows(), st.sampled_from(["flag", "refuse"]))
def test_rows_that_were_read_against_their_types_are_judged_as_lists_are(
    values: dict[str, list[Any]], word: str
) -> None:
    guard = envelope(*COLUMNS, outside_range=word)
    typed = Typed(layout_of(COLUMNS), [values[column.name] for column in COLUMNS])
    size = len(values["age"])
    assert guard.feed(Rows(size, typed, {})) == guard.feed(Rows(size, values, {}))
