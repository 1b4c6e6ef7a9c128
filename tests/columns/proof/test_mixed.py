"""Splits on columns that are made of several inputs are met from both sides."""

from __future__ import annotations

import numpy as np
import pytest

from muster.columns.encoding.mixes import Mix, Output
from muster.columns.encoding.steps import Place
from muster.columns.forms import Tree, Trees
from muster.columns.mixing.encoder import encoder_of
from muster.columns.plan import MIXED_FORMAT, Encoding, Plan
from muster.columns.proof.mixed import NEAR, met, summed
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

INPUTS = tuple(Encoding(Column(name, ColumnType.NUMBER), places=(Place(at + 1),)) for at, name in enumerate("ab"))
BASE = {name: np.random.default_rng(at).normal(size=50) for at, name in enumerate("ab")}
STUMP = Tree(
    np.array([0, 0, 0]), np.array([0.4, 0, 0]), np.zeros(3, bool), np.array([1, 0, 0]), np.array([2, 0, 0]),
    np.array([False, True, True]), np.array([0.0, -1.0, 1.0]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("mix", "apart"),
    [(Mix("products", (1, 2), (2.0, 1.0, 0.0), (Output(0, 0),)), 0.0),
     (Mix("project", (1, 2), (0.7, 0.3, 0.1), (Output(0, 0),)), NEAR)],
)  # fmt: skip
def test_exact_columns_are_met_at_neighbours_and_sums_a_little_apart(mix: Mix, apart: float) -> None:
    plan = Plan("sha256:00", "test", INPUTS, DecisionRule(0.5, Favourable.BELOW), MIXED_FORMAT, mixes=(mix,))
    encoder = encoder_of(plan)
    matrix = encoder.encode(BASE)
    found = list(met(plan, [(0, 1, Trees(0.0, (STUMP,)))], matrix, BASE))
    assert found
    assert summed(plan) == {0: apart > 0}
    for low, high in zip(found[::2], found[1::2], strict=True):
        made = [
            encoder.encode({name: np.array([value if name == column else BASE[name][row]]) for name in BASE})[0, 0]
            for row, column, value in (low, high)
        ]
        assert (made[0] <= 0.4) != (made[1] <= 0.4)
        assert min(abs(np.array(made) - 0.4)) >= apart * np.ptp(matrix[:, 0])
        assert abs(low[2] - high[2]) < 1e-7
