from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.columns.explanation.models import RULE, explainer, forest, people

from muster.columns.arrow import Floats, floats
from muster.columns.explanation.counterfactual import smallest_change
from muster.columns.plan import favourable
from muster.records.model import DecisionRule, Favourable

APPROVED = pa.table(
    {"income": np.linspace(0, 10, 101), "late": np.arange(101) % 4, "home": ["own", "rent", "own"] * 33 + ["own"] * 2}
)


def person(income: float | None, late: int, home: str = "rent") -> pa.Table:
    return pa.table({"income": pa.array([income], pa.float64()), "late": [late], "home": [home]})


def stepwise(table: pa.Table) -> Floats:
    """Approve (score 0) from an income of 6.28, of 3 with an own home, or of 5 without late payments."""
    income, late = np.nan_to_num(floats(table, "income"), nan=-1.0), floats(table, "late")
    own = np.array(table.column("home").to_pylist()) == "own"
    return np.where((income >= 6.28) | ((income >= 3) & own & (late < 9)) | ((income >= 5) & (late == 0)), 0.0, 1.0)


def test_the_smallest_change_of_one_column_is_found_and_brought_near() -> None:
    (change,) = smallest_change(stepwise, person(4.0, 9), APPROVED, ["income"], RULE)
    assert change.column == "income"
    assert change.value == pytest.approx(6.28, abs=0.02)
    assert change.size == pytest.approx((6.28 - 4) / 8, abs=0.01)
    assert stepwise(person(change.value, 9)) == 0.0


def test_one_step_of_a_whole_number_beats_a_change_of_category_where_it_is_smaller() -> None:
    (change,) = smallest_change(stepwise, person(5.5, 1), APPROVED, ["income", "late", "home"], RULE)
    assert (change.column, change.value) == ("income", pytest.approx(6.28, abs=0.02))
    (change,) = smallest_change(stepwise, person(5.5, 1), APPROVED, ["late", "home"], RULE)
    assert (change.column, change.value) == ("late", 0)
    (change,) = smallest_change(stepwise, person(5.5, 1), APPROVED, ["home"], RULE)
    assert (change.column, change.value, change.size) == ("home", "own", 1.0)


def test_two_columns_change_where_one_is_not_enough() -> None:
    found = {c.column: c.value for c in smallest_change(stepwise, person(2.0, 9), APPROVED, ["late", "home"], RULE)}
    assert found == {}
    wanting = APPROVED.filter(pa.compute.less(APPROVED["income"], 6))
    found = {c.column: c.value for c in smallest_change(stepwise, person(1.0, 3), wanting, ["income", "home"], RULE)}
    assert found["home"] == "own"
    assert found["income"] == pytest.approx(3.0, abs=0.02)


def test_whoever_is_approved_or_has_nothing_to_change_gets_no_change() -> None:
    assert smallest_change(stepwise, person(9.0, 0), APPROVED, ["income"], RULE) == ()
    assert smallest_change(stepwise, person(1.0, 0), APPROVED, [], RULE) == ()


def test_an_unknown_value_may_be_filled_in() -> None:
    (change,) = smallest_change(stepwise, person(None, 9), APPROVED, ["income"], RULE)
    assert change.value >= 6.28
    assert change.size == 1.0


@pytest.mark.parametrize("side", Favourable)
def test_whatever_is_returned_is_approved_by_the_model(side: Favourable) -> None:
    rows = people(400, 3)
    rule = DecisionRule(float(np.median(explainer(forest())(rows))), side)
    made = explainer(forest(), rule)
    approves = favourable(made(rows), rule)
    approved, refused = rows.filter(pa.array(approves)), rows.filter(pa.array(~approves))
    found = 0
    for at in range(30):
        row = refused.slice(at, 1)
        changes = smallest_change(made, row, approved, ["income", "late", "region"], rule)
        assert len(changes) <= 2
        for change in changes:
            place = row.column_names.index(change.column)
            row = row.set_column(place, change.column, pa.array([change.value], row.column(place).type))
        assert favourable(made(row), rule)[0] == bool(changes)
        found += bool(changes)
    assert found > 10


def test_two_people_or_nobody_to_learn_from_are_refused() -> None:
    with pytest.raises(ValueError, match="got 2 and 101"):
        smallest_change(stepwise, pa.concat_tables([person(1.0, 1)] * 2), APPROVED, ["income"], RULE)
    with pytest.raises(ValueError, match="got 1 and 0"):
        smallest_change(stepwise, person(1.0, 1), APPROVED.slice(0, 0), ["income"], RULE)
