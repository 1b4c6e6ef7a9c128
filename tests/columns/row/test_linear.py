"""One row of a linear model is scored with the bits that it has among others, whatever its values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.columns.row.test_trees import LIMITS, NAMES, ROWS, RULE

from muster.adapters.onnx import OnnxPredictor
from muster.columns.compiler import compile_served, planned
from muster.columns.forms import Linear
from muster.columns.plan import Encoding
from muster.columns.row.encoded import EncodedRow
from muster.columns.row.linear import LinearRow
from muster.records.data import Column, ColumnType

ENCODINGS = (
    Encoding(Column("income", ColumnType.NUMBER, nullable=True), fill=1.5, mean=0.25, scale=2.0),
    Encoding(
        Column("job", ColumnType.CATEGORY, nullable=True, categories=("a", "b")), categories=("a", "b"), null_place=True
    ),
    Encoding(Column("months", ColumnType.INTEGER, nullable=True), fill=3.0, mean=1e-3, scale=0.1),
    Encoding(Column("home", ColumnType.CATEGORY, nullable=True, categories=("x", "y")), categories=("x", "y")),
)
WIDTH = sum(encoding.width for encoding in ENCODINGS)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.floats(-1e9, 1e9), min_size=WIDTH, max_size=WIDTH),
    st.floats(-10, 10),
    st.lists(ROWS, min_size=2, max_size=12),
)
def test_one_row_has_the_bits_that_it_has_among_others(weights: list[float], intercept: float, rows: list[Any]) -> None:
    form = Linear(np.array(weights), intercept)
    predictor = OnnxPredictor.load(compile_served(planned("v", "given", ENCODINGS, form, RULE), form))
    alone = predictor.plainly(LIMITS)
    assert isinstance(getattr(alone, "__self__", None), LinearRow)
    assert alone is not None
    encoder = predictor.encoder("refuse")
    together = predictor.scores(encoder.encode({name: [row[at] for row in rows] for at, name in enumerate(NAMES)}))
    assert [alone(row) for row in rows] == together.tolist()
    plodding = EncodedRow(NAMES, encoder, predictor.scores, LIMITS)  # type: ignore[arg-type]
    assert [plodding.score(row) for row in rows if None not in row] == [
        score for row, score in zip(rows, together.tolist(), strict=True) if None not in row
    ]


@pytest.mark.parametrize("make", [LinearRow, EncodedRow])
@pytest.mark.parametrize(
    "row",
    [(11.0, "a", 1, "x"), (float("nan"), "a", 1, "x"), (True, "a", 1, "x"), (1.0, "c", 1, "x"), ("1", "a", 1, "x"),
     (1.0, 1, 1, "x"), (1.0, "a", 11, "x"), (1.0, ["a"], 1, "x")],
)  # fmt: skip
def test_a_row_beyond_its_limits_is_not_scored(make: Any, row: Any) -> None:
    form = Linear(np.ones(WIDTH), 0.5)
    predictor = OnnxPredictor.load(compile_served(planned("v", "given", ENCODINGS, form, RULE), form))
    if make is LinearRow:
        score = LinearRow(ENCODINGS, [1.0] * WIDTH, 0.5, LIMITS).score
    else:
        score = EncodedRow(NAMES, predictor.encoder("refuse"), predictor.scores, LIMITS).score  # type: ignore[arg-type]
    try:
        assert score(row) is None
    except (KeyError, TypeError):
        return
