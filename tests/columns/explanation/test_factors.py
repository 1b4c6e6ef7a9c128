from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.columns.explanation.models import ENCODINGS, INPUTS, REASONS, RULE

from muster.columns.explanation.factors import NOBODY, Factors, adverse, principal
from muster.columns.plan import Plan
from muster.records.model import DecisionRule, Favourable


def test_inputs_are_grouped_as_the_map_says_and_what_it_does_not_hold_is_never_named() -> None:
    factors = Factors.of(REASONS, INPUTS)
    assert [(factor.id, factor.columns) for factor in factors.each] == [
        ("money", ("income",)),
        ("late", ("late",)),
        ("place", ("region",)),
        ("age", ("age",)),
    ]
    assert factors.unmapped == ("age",)
    assert factors.nameable.tolist() == [True, True, False, False]
    assert factors.most == 3


def test_every_column_of_the_matrix_belongs_to_the_factor_of_its_input() -> None:
    plan = Plan("sha256:00", "learner", ENCODINGS, RULE)
    assert Factors.of(REASONS, INPUTS).players(plan).tolist() == [0, 1, 2, 2, 2, 3]


def test_against_is_up_for_a_risk_and_down_for_a_merit() -> None:
    shares = np.array([[1.0, -2.0]])
    assert adverse(shares, RULE).tolist() == [[1.0, -2.0]]
    assert adverse(shares, DecisionRule(0.5, Favourable.AT_LEAST)).tolist() == [[-1.0, 2.0]]


def test_the_worst_come_first_ties_in_the_order_of_the_map_and_rounding_is_no_reason() -> None:
    against = np.array([[0.2, 0.5, 0.2 + 1e-13, 9.0, 1e-15, -3.0], [-1.0, 0.0, 0.0, 9.0, 0.0, 0.1]])
    allowed = np.array([True, True, True, False, True, True])
    assert principal(against, allowed, 4).tolist() == [[1, 0, 2, NOBODY], [5, NOBODY, NOBODY, NOBODY]]
    assert principal(against[:, :2], allowed[:2], 4).tolist() == [[1, 0, NOBODY, NOBODY], [NOBODY] * 4]


@given(seed=st.integers(0, 1000), most=st.integers(1, 4))
def test_no_more_than_asked_none_that_may_not_be_named_and_none_in_favour(seed: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    against, allowed = rng.normal(size=(20, 6)), rng.random(6) < 0.7
    for row, places in zip(against, principal(against, allowed, most).tolist(), strict=True):
        named = [at for at in places if at != NOBODY]
        assert len(named) == min(most, int((allowed & (row > 0)).sum()))
        assert all(allowed[at] and row[at] > 0 for at in named)
        left = [row[at] for at in np.flatnonzero(allowed) if at not in named]
        assert not named or max(left, default=-9.0) <= row[named].min() + 1e-8
