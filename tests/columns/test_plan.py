"""The plan is bound into the served file: it must come back to the bit, and decide as the rule says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.columns.plan import Encoding, Plan, favourable
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

FINITE = st.floats(allow_nan=False, allow_infinity=False)
CATEGORY = Column("home", ColumnType.CATEGORY, nullable=True)


@given(mean=FINITE, scale=FINITE, fill=st.none() | FINITE, names=st.lists(st.text(max_size=3), unique=True, max_size=4))
def test_a_plan_comes_back_from_its_bytes_with_every_bit(
    mean: float, scale: float, fill: float | None, names: list[str]
) -> None:
    encodings = (
        Encoding(Column("income", ColumnType.NUMBER, minimum=0.1), fill=fill, mean=mean, scale=scale),
        Encoding(CATEGORY, categories=tuple(names), null_place=True),
    )
    plan = Plan("sha256:00", "logistic-regression", encodings, DecisionRule(0.2, Favourable.BELOW))
    assert Plan.from_bytes(plan.to_bytes()) == plan
    assert plan.width == 2 + len(names)
    assert [column.name for column in plan.columns] == ["income", "home"]


@pytest.mark.parametrize("raw", [b"{}", b"[]", b'{"format":4}'])
def test_a_plan_of_another_format_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="compile the version again"):
        Plan.from_bytes(raw)


def test_the_threshold_itself_is_favourable_only_at_least() -> None:
    scores = np.array([np.nextafter(0.3, 0), 0.3, np.nextafter(0.3, 1)])
    assert favourable(scores, DecisionRule(0.3, Favourable.BELOW)).tolist() == [True, False, False]
    assert favourable(scores, DecisionRule(0.3, Favourable.AT_LEAST)).tolist() == [False, True, True]


def test_no_decision_rests_on_a_score_that_is_not_a_number() -> None:
    with pytest.raises(ValueError, match="row 1"):
        favourable(np.array([0.1, np.nan]), DecisionRule(0.3, Favourable.BELOW))
