"""A served artifact whose decisions are known by heart: compiled trees, loaded as a gateway loads them."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from muster.adapters.onnx import OnnxPredictor
from muster.checks.kit import credit_rows
from muster.columns.compiler import compile_served
from muster.columns.forms import Tree, Trees
from muster.columns.plan import Encoding, Plan
from muster.columns.rescoring import Companion, PlanRescorer
from muster.columns.sample import Sample
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

RULE = DecisionRule(0.5, Favourable.BELOW)
INPUTS = ("income", "late", "region")
POOR = 20_000.0
"""Who has at most this income, or two late payments, is scored over the threshold; region does nothing but be known."""

PLAN = Plan(
    "sha256:00",
    "gradient-boosting",
    (
        Encoding(Column("income", ColumnType.NUMBER, nullable=True)),
        Encoding(Column("late", ColumnType.INTEGER)),
        Encoding(Column("region", ColumnType.CATEGORY), categories=("east", "north", "south")),
    ),
    RULE,
)


def stump(feature: int, threshold: float, left: float, right: float) -> Tree:
    """One split; missing values go right."""
    return Tree(
        feature=np.array([feature, 0, 0]),
        threshold=np.array([threshold, 0.0, 0.0]),
        missing_left=np.array([False, False, False]),
        left=np.array([1, 0, 0]),
        right=np.array([2, 0, 0]),
        leaf=np.array([False, True, True]),
        value=np.array([0.0, left, right]),
    )


@pytest.fixture(scope="session")
def served() -> PlanRescorer:
    form = Trees(-1.0, (stump(0, POOR, 2.0, 0.0), stump(1, 1.5, 0.0, 2.0)))
    predictor = OnnxPredictor.load(compile_served(PLAN, form))
    return PlanRescorer(predictor.plan, predictor)


@pytest.fixture
def sample_of(served: PlanRescorer) -> Callable[..., Sample]:
    def make(rows: int = 400, table: pa.Table | None = None) -> Sample:
        data = credit_rows(rows, seed=5) if table is None else table
        made = Sample.of(
            data,
            served(data),
            RULE,
            name="applications",
            digest="sha256:00",
            role="held-out",
            inputs=INPUTS,
            target="defaulted",
        )
        fitted = Companion.of(credit_rows(800, seed=6), name="fit", digest="sha256:01", role="training")
        return made.beside(rescorer=served, companion=fitted)

    return make
