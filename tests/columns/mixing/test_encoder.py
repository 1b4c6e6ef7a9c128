"""Mixing encoders encode every input, make what is made of several, and say which row cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from muster.columns.encoder import Encoder
from muster.columns.encoding.mixes import Mix, Output
from muster.columns.encoding.placed import picked
from muster.columns.encoding.steps import Place
from muster.columns.mixing.encoder import MixingEncoder, encoder_of
from muster.columns.plan import MIXED_FORMAT, PLACED_FORMAT, Encoding, Plan
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

HOME = Encoding(
    Column("home", ColumnType.CATEGORY), categories=("own", "rent"), places=(Place(3, (picked([0, 1, 0, 0], 0.0),)),)
)
DEBT = Encoding(Column("debt", ColumnType.NUMBER), places=(Place(1),))
AGE = Encoding(Column("age", ColumnType.INTEGER), places=(Place(4),))
PRODUCTS = Mix("products", (1, 3), (2.0, 1.0, 0.0, 0.0, 0.0), (Output(0, 0), Output(2, 1)))
RULE = DecisionRule(0.2, Favourable.BELOW)
PLAN = Plan("sha256:00", "test", (HOME, DEBT, AGE), RULE, MIXED_FORMAT, mixes=(PRODUCTS,))
ROWS = {"home": ["rent", "own"], "debt": [3.0, -2.0], "age": [20, 30]}


def test_the_matrix_holds_inputs_and_what_is_made_of_them_where_the_plan_says() -> None:
    encoder = encoder_of(PLAN)
    assert isinstance(encoder, MixingEncoder)
    np.testing.assert_array_equal(encoder.encode(ROWS), [[3, 3, 9, 1, 20], [0, -2, 4, 0, 30]])
    assert (encoder.width, PLAN.width, PLAN.encoded) == (5, 5, 3)
    assert PLAN.owners.tolist() == [-1, 1, -1, 0, 2]


def test_a_plan_with_mixes_is_read_as_it_was_written() -> None:
    assert Plan.from_bytes(PLAN.to_bytes()) == PLAN
    plain = Plan("sha256:00", "test", (HOME,), RULE, PLACED_FORMAT)
    assert b"mixes" not in plain.to_bytes()
    assert isinstance(encoder_of(plain), Encoder)


def test_rows_that_only_a_mix_refuses_are_named() -> None:
    rows = {**ROWS, "debt": [1.0, 1e200]}
    with pytest.raises(ValueError, match="row 1: numbers too large"):
        encoder_of(PLAN).encode(rows)
    encoder = encoder_of(PLAN)
    assert isinstance(encoder, MixingEncoder)
    assert encoder.refused(rows).tolist() == [False, True]
    with pytest.raises(ValueError, match="'debt', row 0: expected a number"):
        encoder.encode({**ROWS, "debt": ["x", 1.0]})
