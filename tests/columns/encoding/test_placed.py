"""Places of a column: one row alone has the bits that it has in a batch, whatever is done to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.encoder import Encoder
from muster.columns.encoding.placed import picked
from muster.columns.encoding.steps import Place, Step
from muster.columns.plan import Encoding, Plan, alone
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

INCOME = Encoding(
    Column("income", ColumnType.NUMBER, nullable=True),
    places=(
        Place(3, (Step("fill", (4.0,)), Step("subtract", (1.0,)), Step("divide", (3.0,)))),
        Place(0, (Step("missing"),)),
        Place(5, (Step("divide", (3.0,)), Step("single"))),
    ),
)
DEBT = Encoding(
    Column("debt", ColumnType.NUMBER),
    places=(Place(4, (Step("multiply", (0.1,)), Step("add", (7.0,)), Step("present"))),),
)
HOME = Encoding(
    Column("home", ColumnType.CATEGORY, nullable=True),
    categories=("own", "rent"),
    null_place=True,
    places=(Place(1, (picked([0.3, 0.7, 0.5, 0.5], 0.5),)), Place(2, (picked([1.0, 0.0, 0.0, np.nan], 0.0),))),
)
AGE = Encoding(Column("age", ColumnType.INTEGER), unread=True)
ALL = (INCOME, DEBT, HOME, AGE)
ROW: dict[str, list[Any]] = {"income": [10.0], "debt": [30.0], "home": ["rent"], "age": [41]}


def test_places_are_filled_where_they_are() -> None:
    encoder = Encoder(ALL, unknown="unknown")
    assert encoder.width == 6
    assert encoder.encode(ROW).tolist() == [[0.0, 0.7, 0.0, 3.0, 10.0, np.float32(10.0 / 3.0)]]
    odd = {"income": [None], "debt": [0], "home": ["castle"], "age": [41]}
    np.testing.assert_array_equal(encoder.encode(odd), [[1.0, 0.5, np.nan, 1.0, 7.0, np.nan]])
    assert encoder.encode({**ROW, "home": [None]})[0, 1] == 0.5


@given(income=st.floats(-1e30, 1e30), debt=st.floats(-1e300, 1e300), home=st.sampled_from(["own", "rent"]))
def test_one_row_alone_has_the_bits_that_it_has_in_a_batch(income: float, debt: float, home: str) -> None:
    both = Encoder(ALL)
    alone_, batch = ({"income": [income] * n, "debt": [debt] * n, "home": [home] * n, "age": [1] * n} for n in (1, 2))
    assert both.encode(alone_)[0].tobytes() == both.encode(batch)[1].tobytes()


def test_what_the_model_refuses_is_refused_by_column_and_row() -> None:
    closed = alone(Encoding(HOME.column, categories=("own",), places=HOME.places[:1], closed=True))
    refusing = Encoder((closed,), "unknown")
    for value, what in (("castle", "not trained on"), (None, "does not allow null")):
        with pytest.raises(ValueError, match=f"column 'home', row 1: .*{what}"):
            refusing.encode({"home": ["own", value]})
    huge = Encoder((Encoding(DEBT.column, places=(Place(0, (Step("multiply", (1e10,)),)),)),))
    for rows in (1, 2):
        with pytest.raises(ValueError, match=f"row {rows - 1}: a number too large"):
            huge.encode({"debt": [1.0] * (rows - 1) + [1e300]})


def test_a_plan_of_places_comes_back_from_its_bytes_and_knows_whose_they_are() -> None:
    plan = Plan("sha256:00", "test", ALL, DecisionRule(0.2, Favourable.BELOW), 2)
    assert Plan.from_bytes(plan.to_bytes()) == plan
    assert plan.owners.tolist() == [0, 2, 2, 0, 1, 0]
    assert Encoder((alone(HOME),)).encode({"home": ["own"]}).tolist() == [[0.3, 1.0]]
