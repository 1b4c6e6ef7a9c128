from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.guards.decisions.business import FEW, Business
from muster.guards.guard import Context, Outcome, Rows, Ruling, Scores
from muster.records.data import Column, ColumnType
from muster.records.governance.serving import BusinessRule, Condition, Effect, Holds

COLUMNS = (
    Column("loan", ColumnType.NUMBER, nullable=True),
    Column("age", ColumnType.INTEGER),
    Column("job", ColumnType.CATEGORY, nullable=True, categories=("clerk", "smith")),
)
LARGE = BusinessRule("large", (Condition("loan", Holds.ABOVE, 500_000),), Effect.REFER, "Large loans go to a person")
YOUNG = BusinessRule("young", (Condition("age", Holds.BELOW, 18.0),), Effect.REFUSE, "Applicants must be of age")
SMITHS = BusinessRule(
    "smiths", (Condition("job", Holds.EQUALS, "smith"), Condition("loan", Holds.AT_LEAST, 10)), Effect.FLAG, "Look"
)


def opened(*rules: BusinessRule) -> Business:
    guard = Business()
    guard.open(Context(COLUMNS, rules=rules))
    return guard


def judged(guard: Business, loan: Any, age: Any, job: Any) -> Ruling:
    ruling = guard.feed(Rows(len(loan), {"loan": loan, "age": age, "job": job}, {}))
    assert ruling
    return ruling


def test_rules_refer_refuse_and_mark_the_rows_that_they_are_about() -> None:
    ruling = judged(
        opened(LARGE, YOUNG, SMITHS), [6e5, 6e5, 20.0, None], [40, 17, 40, 17], ["clerk"] * 2 + ["smith"] * 2
    )
    assert ruling.outcome is Outcome.ABSTAIN
    assert ruling.referred == {0: "rule:large"}
    assert ruling.declined == {1: "rule:young", 3: "rule:young"}
    assert ruling.flags == {
        0: ["rule:large"],
        1: ["rule:large", "rule:young"],
        2: ["rule:smiths"],
        3: ["rule:young"],
    }


def test_marks_alone_leave_decisions_as_they_are_and_most_rows_are_about_nothing() -> None:
    guard = opened(SMITHS)
    assert judged(guard, [20.0], [30], ["smith"]).outcome is Outcome.FLAG
    assert judged(guard, [20.0], [30], ["clerk"]).outcome is Outcome.ALLOW
    assert guard.feed(Scores([0.5])) is None


@given(
    st.sampled_from(Holds),
    st.lists(st.one_of(st.none(), st.floats(-10, 10), st.sampled_from([0.0, 1.0])), min_size=1, max_size=2 * FEW),
)
def test_one_by_one_or_in_arrays_the_same_rows_are_found(holds: Holds, loans: list[float | None]) -> None:
    value = None if holds is Holds.MISSING else 1.0
    guard = opened(BusinessRule("r", (Condition("loan", holds, value),), Effect.FLAG, "w"))
    expected = {
        row
        for row, loan in enumerate(loans)
        if (loan is None if holds is Holds.MISSING else loan is not None and _plain(holds, loan))
    }
    long = loans + [None] * FEW
    tail = set(range(len(loans), len(long))) if holds is Holds.MISSING else set()
    array = np.array(long, np.float64)
    for asked, found in ((loans, expected), (long, expected | tail), (array, expected | tail)):
        assert set(judged(guard, asked, [1] * len(asked), ["clerk"] * len(asked)).flags) == found


def _plain(holds: Holds, loan: float) -> bool:
    return {
        Holds.BELOW: loan < 1,
        Holds.AT_MOST: loan <= 1,
        Holds.ABOVE: loan > 1,
        Holds.AT_LEAST: loan >= 1,
        Holds.EQUALS: loan == 1,
        Holds.DIFFERS: loan != 1,
    }[holds]


@pytest.mark.parametrize("size", [2, 2 * FEW])
def test_categories_equal_differ_or_are_missing(size: int) -> None:
    jobs = ["smith", None] * (size // 2)
    for holds, value, rows in ((Holds.EQUALS, "smith", 0), (Holds.DIFFERS, "clerk", 0), (Holds.MISSING, None, 1)):
        guard = opened(BusinessRule("r", (Condition("job", holds, value),), Effect.FLAG, "w"))
        assert set(judged(guard, [1.0] * size, [1] * size, jobs).flags) == set(range(rows, size, 2))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition("income", Holds.ABOVE, 1.0), "income, which is no input"),
        (Condition("job", Holds.ABOVE, "smith"), "job is a category"),
        (Condition("job", Holds.EQUALS, 1.0), "needs a category"),
        (Condition("loan", Holds.ABOVE, "much"), "needs a number"),
        (Condition("loan", Holds.ABOVE), "needs a number"),
        (Condition("loan", Holds.MISSING, 1.0), "leave out the value"),
        (Condition("loan", Holds.ABOVE, float("nan")), "no number"),
    ],
)
def test_a_rule_that_makes_no_sense_closes_the_gate(condition: Condition, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        opened(BusinessRule("r", (condition,), Effect.REFER, "w"))


def test_no_rules_or_a_rule_about_every_row_close_the_gate() -> None:
    with pytest.raises(ValueError, match="no rules"):
        opened()
    with pytest.raises(ValueError, match="compares nothing"):
        opened(BusinessRule("r", (), Effect.REFER, "w"))
