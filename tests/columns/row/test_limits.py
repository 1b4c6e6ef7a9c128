"""Limits say which values are plain."""

from __future__ import annotations

import pytest

from muster.columns.encoding.steps import Place, Step
from muster.columns.encoding.values import EXACT
from muster.columns.plan import Encoding
from muster.columns.row.limits import Limits, Span, Within, scaled, spread, widest
from muster.records.data import Column, ColumnType

INCOME = Encoding(Column("income", ColumnType.NUMBER, nullable=True))
JOB = Encoding(Column("job", ColumnType.CATEGORY, categories=("a", "b")), categories=("a", "b"))
HOME = Encoding(Column("home", ColumnType.CATEGORY, nullable=True, categories=("x",)), categories=("x",))


def test_a_column_of_which_more_is_made_has_no_short_way() -> None:
    column = Column("income", ColumnType.NUMBER)
    placed = Encoding(column, places=(Place(0, (Step("add", (1.0,)),)),))
    limits = Limits({"income": Span(0.0, 1.0, nullable=False)}, {"job": frozenset({"a", "c"})})
    with pytest.raises(ValueError, match="income: more is made of it"):
        scaled(placed, 0, limits)
    with pytest.raises(ValueError, match="does not know"):
        spread(Encoding(Column("job", ColumnType.CATEGORY, categories=("a", "b")), categories=("a", "b")), limits)


def test_the_widest_limits_take_what_is_known_and_exact() -> None:
    holds = Within(["income", "job", "home"], widest((INCOME, JOB, HOME)))
    assert holds((EXACT - 1, "a", None))
    assert holds((None, "b", "x"))
    for wrong in ((EXACT, "a", "x"), (1.0, None, "x"), (1.0, "c", "x"), (float("nan"), "a", "x"), (1.0, "a", "y")):
        assert not holds(wrong)


def test_a_number_that_may_not_be_missing_is_no_text_and_no_nothing() -> None:
    holds = Within(["age"], Limits({"age": Span(0.0, 100.0, nullable=False)}, {}))
    assert holds((17,))
    for wrong in (None, "17"):
        with pytest.raises(TypeError):
            holds((wrong,))
