"""Adversarial rows stand exactly where a compiled model would first go wrong."""

from __future__ import annotations

import numpy as np
import pytest

from muster.columns.encoder import Encoder
from muster.columns.forms import Linear, Tree, Trees
from muster.columns.plan import Encoding, Plan
from muster.columns.proof.adversarial import UNKNOWN_CATEGORY, adversarial
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

INCOME = Encoding(Column("income", ColumnType.NUMBER, nullable=True, maximum=9.0), fill=1.0, mean=2.0, scale=4.0)
AGE = Encoding(Column("age", ColumnType.INTEGER))
HOME = Encoding(Column("home", ColumnType.CATEGORY, nullable=True), categories=("own", "rent"), null_place=True)
ROWS = {
    "income": np.array([1.0, np.nan, 3.0]),
    "age": np.array([20.0, 30.0, 40.0]),
    "home": np.array(["own", None, "rent"], object),
}


def _plan(encodings: tuple[Encoding, ...], threshold: float) -> Plan:
    return Plan("sha256:00", "test", encodings, DecisionRule(threshold, Favourable.BELOW))


def _stump(feature: int, threshold: float) -> Tree:
    return Tree(
        feature=np.array([feature, 0, 0]),
        threshold=np.array([threshold, 0, 0]),
        missing_left=np.array([False] * 3),
        left=np.array([1, 0, 0]),
        right=np.array([2, 0, 0]),
        leaf=np.array([False, True, True]),
        value=np.array([0.0, -1.0, 1.0]),
    )


def test_each_split_is_met_at_its_threshold_and_one_step_to_each_side() -> None:
    plain = Encoding(Column("income", ColumnType.NUMBER))
    rows = {**ROWS, "income": np.array([1.0, 2.0, 3.0])}
    made = adversarial(_plan((plain, AGE, HOME), 0.5), Trees(0.0, (_stump(0, 0.1), _stump(1, 29.5))), rows)
    assert {0.1, np.nextafter(0.1, 0), np.nextafter(0.1, 1)} <= set(made["income"])
    assert {28.0, 29.0, 30.0} <= set(made["age"])


def test_every_column_is_met_at_null_extremes_categories_and_an_unknown_one() -> None:
    made = adversarial(_plan((INCOME, AGE, HOME), 0.5), Trees(0.0, ()), ROWS)
    assert {9.0, 0.0, np.finfo(float).max} <= set(made["income"])
    assert np.isnan(made["income"]).any()
    assert {2.0**53 - 1, 1.0 - 2.0**53} <= set(made["age"])
    assert {"own", "rent", None, UNKNOWN_CATEGORY} <= set(made["home"])


def test_linear_models_are_met_close_to_the_boundary_on_both_sides() -> None:
    form = Linear(np.array([1.0, 0.01, 0.5, -0.5, 0.1]), -0.25)
    made = adversarial(_plan((INCOME, AGE, HOME), 0.2), form, ROWS)
    margins = form.margins(Encoder((INCOME, AGE, HOME), unknown="unknown").encode(made))
    apart = margins - np.log(0.25)
    near = apart[np.abs(apart) < 1e-9]
    assert (near > 0).any()
    assert (near < 0).any()


def test_rows_stay_such_that_the_encoder_takes_them() -> None:
    for form in (Trees(0.0, (_stump(1, -7.25), _stump(0, 1e300))), Linear(np.ones(5), 0.0)):
        made = adversarial(_plan((INCOME, AGE, HOME), 0.5), form, ROWS)
        assert np.isfinite(Encoder((INCOME, AGE, HOME), unknown="unknown").encode(made)).all()


def test_without_ordinary_rows_there_are_none() -> None:
    with pytest.raises(ValueError, match="there are none"):
        adversarial(_plan((AGE,), 0.5), Trees(0.0, ()), {"age": np.empty(0)})
