"""Rescoring through a served artifact: the model's own plan and bytes, no model code."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from muster.adapters.onnx import OnnxPredictor
from muster.columns.arrow import Floats
from muster.columns.compiler import compile_served
from muster.columns.forms import Linear
from muster.columns.plan import Encoding, Plan
from muster.columns.rescoring import Companion, PlanRescorer, Refusing, rescored
from muster.columns.sample import Sample
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

RULE = DecisionRule(0.5, Favourable.BELOW)
PLAN = Plan(
    "sha256:00",
    "logistic-regression",
    (
        Encoding(Column("income", ColumnType.NUMBER, nullable=True), fill=20.0, mean=20.0, scale=10.0),
        Encoding(Column("late", ColumnType.INTEGER, nullable=True), fill=0.0),
        Encoding(Column("region", ColumnType.CATEGORY, nullable=True), categories=("north", "south")),
    ),
    RULE,
)
WEIGHTS = np.array([-1.0, 0.5, 0.0, 0.25])
ROWS = pa.table({"income": [10.0, None, 30.0], "late": [0, 2, None], "region": ["north", "south", None], "more": "abc"})


def served(unknown: str = "refuse") -> PlanRescorer:
    predictor = OnnxPredictor.load(compile_served(PLAN, Linear(WEIGHTS, 0.0)))
    return PlanRescorer(predictor.plan, predictor, unknown)  # type: ignore[arg-type]


def test_rows_are_encoded_and_scored_as_the_served_model_does() -> None:
    expected = 1 / (1 + np.exp(-np.array([1.0, 1.0 + 0.25, -1.0])))
    np.testing.assert_allclose(rescored(served(), ROWS), expected, rtol=1e-15)


def test_a_row_that_the_model_does_not_take_is_named() -> None:
    strange = pa.table({"income": [1.0], "late": [1], "region": ["nroth"]})
    with pytest.raises(ValueError, match="column 'region', row 0: a category that the model was not trained on"):
        served()(strange)
    assert served("unknown")(strange).shape == (1,)
    with pytest.raises(ValueError, match="there is no column 'late'"):
        served()(strange.drop_columns(["late"]))


def test_refused_rows_are_known_beforehand_exactly() -> None:
    rows = pa.table(
        {
            "income": [1.0, None, float("inf"), 4.0, 5.0, 6.0],
            "late": [1.0, 2.0, 3.0, 0.5, None, 2.0**53],
            "region": ["north", None, "south", "nroth", "north", "south"],
        }
    )
    assert isinstance(served(), Refusing)
    assert served().refused(rows).tolist() == [False, False, True, True, False, True]
    assert served("unknown").refused(rows).tolist() == [False, False, True, True, False, True]
    for row, wrong in enumerate(served().refused(rows).tolist()):
        if wrong:
            with pytest.raises(ValueError, match="column '"):
                served()(rows.slice(row, 1))
        else:
            assert served()(rows.slice(row, 1)).shape == (1,)
    assert not served().refused(rows.slice(0, 2)).any()


@pytest.mark.parametrize(
    ("scores", "complaint"),
    [
        ([0.1, 0.2], r"scores of shape \(2,\) for 3 rows"),
        ([0.1, float("nan"), 0.2], "gave nan for row 1"),
        ([0.1, 0.3, 1.5], "gave 1.5 for row 2"),
    ],
)
def test_what_a_rescorer_gives_is_checked(scores: list[float], complaint: str) -> None:
    def broken(_: pa.Table) -> Floats:
        return np.asarray(scores)

    with pytest.raises(ValueError, match=complaint):
        rescored(broken, ROWS)


def test_a_model_that_throws_is_a_model_that_refuses() -> None:
    def throwing(_: pa.Table) -> Floats:
        raise RuntimeError

    with pytest.raises(ValueError, match="the rescorer failed on 3 rows: RuntimeError: "):
        rescored(throwing, ROWS)


def test_a_sample_is_given_a_model_and_other_rows_beside_it() -> None:
    alone = Sample.of(ROWS, [0.1, 0.2, 0.3], RULE, name="held-out", digest="sha256:01", role="held-out")
    assert alone.rescorer is None
    assert alone.companion is None
    model, rows = served(), Companion.of(ROWS, name="training", digest="sha256:02", role="training")
    both = alone.beside(rescorer=model).beside(companion=rows)
    assert both.rescorer is model
    assert both.companion is rows
    assert rows.label == "training (training, sha256:02)"
    with pytest.raises(ValueError, match="expected Arrow data, got list|expected Arrow data"):
        Companion.of([1, 2], name="training", digest="sha256:02", role="training")
