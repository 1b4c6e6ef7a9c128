"""Parity must see what an ordinary sample does not: thresholds moved by a rounding, nulls sent the wrong way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from muster.adapters.onnx import OnnxPredictor, logistic
from muster.columns.compiler import compile_served
from muster.columns.encoder import Encoder
from muster.columns.forms import Form, Linear, Tree, Trees
from muster.columns.plan import Encoding, Plan
from muster.columns.proof.parity import Parity, parity
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

PLAN = Plan(
    "sha256:00",
    "gradient-boosting",
    (Encoding(Column("income", ColumnType.NUMBER, nullable=True)), Encoding(Column("age", ColumnType.NUMBER))),
    DecisionRule(0.5, Favourable.BELOW),
)
FILLED = replace(PLAN, encodings=(replace(PLAN.encodings[0], fill=0.5), PLAN.encodings[1]))
STUMP = Tree(
    feature=np.array([0, 0, 0]),
    threshold=np.array([0.1, 0, 0]),
    missing_left=np.array([True, False, False]),
    left=np.array([1, 0, 0]),
    right=np.array([2, 0, 0]),
    leaf=np.array([False, True, True]),
    value=np.array([0.0, -1.0, 1.0]),
)
ROWS = {"income": np.linspace(-2, 2, 300), "age": np.linspace(20, 60, 300)}


def _plan(form: Form) -> Plan:
    return FILLED if isinstance(form, Linear) else PLAN


def _by(form: Form) -> Callable[[Mapping[str, Any]], NDArray[np.float64]]:
    return lambda rows: logistic(form.margins(Encoder(_plan(form).encodings, unknown="unknown").encode(rows)))


def _compare(original: Form, served: Form) -> Parity:
    plan = _plan(served)
    return parity(_by(original), OnnxPredictor.load(compile_served(plan, served)), plan, served, ROWS)


def test_the_same_trees_agree_to_the_bit() -> None:
    found = _compare(Trees(0.0, (STUMP,)), Trees(0.0, (STUMP,)))
    assert (found.decisions_differing, found.scores_differing, found.largest_score_difference) == (0, 0, 0.0)
    assert found.rows == 300 + found.adversarial_rows
    assert found.adversarial_rows > 40


def test_the_same_weights_agree_in_every_decision() -> None:
    form = Linear(np.array([1.3, -0.02]), 0.1)
    found = _compare(form, form)
    assert found.decisions_differing == 0
    assert found.largest_score_difference < 1e-15


@pytest.mark.parametrize(
    "wrong",
    [
        replace(STUMP, threshold=STUMP.threshold.astype(np.float32).astype(np.float64)),
        replace(STUMP, threshold=np.nextafter(STUMP.threshold, 1)),
        replace(STUMP, missing_left=~STUMP.missing_left),
    ],
)
def test_a_rounded_threshold_or_a_wrong_direction_is_seen_though_no_ordinary_row_shows_it(wrong: Tree) -> None:
    original, served = Trees(0.0, (STUMP,)), Trees(0.0, (wrong,))
    assert (_by(original)(ROWS) == _by(served)(ROWS)).all()
    assert _compare(original, served).decisions_differing > 0


def test_a_slightly_wrong_intercept_is_seen_at_the_boundary() -> None:
    original, served = Linear(np.array([1.3, -0.02]), 0.1), Linear(np.array([1.3, -0.02]), 0.1 + 1e-12)
    assert _compare(original, served).decisions_differing > 0


def test_a_predictor_that_scores_single_rows_otherwise_is_seen() -> None:
    class Moody:
        def scores(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.full(len(matrix), 0.1 if len(matrix) > 1 else 0.9)

    found = parity(lambda rows: np.full(len(rows["age"]), 0.1), Moody(), PLAN, Trees(0.0, (STUMP,)), ROWS)
    assert found.decisions_differing == 256
    assert found.largest_score_difference == pytest.approx(0.8)


def test_a_score_that_is_not_a_number_proves_nothing() -> None:
    predictor = OnnxPredictor.load(compile_served(PLAN, Trees(0.0, (STUMP,))))
    with pytest.raises(ValueError, match="not a number"):
        parity(lambda rows: np.full(len(rows["age"]), np.nan), predictor, PLAN, Trees(0.0, (STUMP,)), ROWS)


@pytest.mark.parametrize("off", [1e-16, 0.25])
def test_a_short_way_of_single_rows_that_gives_another_bit_proves_nothing(off: float) -> None:
    class Odd(OnnxPredictor):
        def plainly(self, limits: Any) -> Any:
            usual = super().plainly(limits)
            assert usual is not None
            return lambda values: usual(values) + (off if values[0] == ROWS["income"][7] else 0.0)

    form = Linear(np.array([0.5, -0.25]), 9.5)
    served = compile_served(FILLED, form)
    with pytest.raises(ValueError, match="row 7 of those that are compared is scored otherwise by itself"):
        parity(_by(form), Odd.load(served), FILLED, form, ROWS)


def test_a_model_without_a_short_way_is_compared_as_ever() -> None:
    class Plodding(OnnxPredictor):
        def plainly(self, limits: Any) -> Any:
            assert limits.numbers["income"].nullable
            return None

    form = Trees(0.0, (STUMP,))
    assert parity(_by(form), Plodding.load(compile_served(PLAN, form)), PLAN, form, ROWS).scores_differing == 0
