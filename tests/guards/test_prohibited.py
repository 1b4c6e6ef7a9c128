from __future__ import annotations

import pytest

from muster.guards.guard import Context, Outcome, Rows, Scores
from muster.guards.prohibited import Prohibited
from muster.records.data import Column, ColumnType

INCOME = Column("income", ColumnType.NUMBER)


def test_a_request_that_carries_a_prohibited_column_is_refused_by_its_name() -> None:
    guard = Prohibited()
    guard.open(Context((INCOME,), frozenset({"age", "sex"})))
    refused = guard.feed(Rows(1, {"income": [1.0], "age": [30]}, {}))
    assert refused
    assert refused.outcome is Outcome.REFUSE
    assert refused.reason.startswith("age may not be sent")
    allowed = guard.feed(Rows(1, {"income": [1.0]}, {}))
    assert allowed
    assert allowed.outcome is Outcome.ALLOW
    assert guard.feed(Scores([0.5])) is None


def test_a_model_that_takes_one_is_not_opened() -> None:
    with pytest.raises(ValueError, match="takes prohibited column income"):
        Prohibited().open(Context((INCOME,), frozenset({"income"})))
