"""What is served of an original must be what it answers: in a batch, alone, and where it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from muster.columns.plan import Encoding, Plan
from muster.columns.proof.passed import passed
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

PLAN = Plan(
    "sha256:00",
    "any",
    (
        Encoding(Column("debt", ColumnType.NUMBER, nullable=True), unread=True),
        Encoding(Column("home", ColumnType.CATEGORY, categories=("own",)), unread=True),
    ),
    DecisionRule(0.5, Favourable.BELOW),
    2,
)
ROWS = {"debt": np.linspace(0, 1, 20), "home": np.array(["own"] * 20, object)}


def _scores(rows: Any) -> Any:
    if "own" not in set(rows["home"].tolist()):
        msg = "the model does not know that"
        raise ValueError(msg)
    return np.clip(np.nan_to_num(rows["debt"], nan=0.2), 0.0, 1.0)


def test_the_same_answers_and_the_same_refusals_are_parity() -> None:
    found = passed(_scores, _scores, PLAN, ROWS)
    assert (found.decisions_differing, found.scores_differing, found.adversarial_rows) == (0, 0, 6)
    assert found.rows == 26


@pytest.mark.parametrize(
    "served",
    [
        lambda rows: _scores(rows) + (len(rows["debt"]) == 1),
        lambda rows: np.clip(np.nan_to_num(rows["debt"], nan=0.9), 0.0, 1.0),
        lambda rows: np.where(np.isnan(rows["debt"]), 0.8, _scores(rows)),
    ],
)
def test_another_answer_alone_or_at_null_or_none_where_one_is_due_is_seen(served: Any) -> None:
    assert passed(_scores, served, PLAN, ROWS).decisions_differing > 0


def test_without_rows_nothing_is_proved() -> None:
    with pytest.raises(ValueError, match="no row to compare on"):
        passed(_scores, _scores, PLAN, {name: values[:0] for name, values in ROWS.items()})
