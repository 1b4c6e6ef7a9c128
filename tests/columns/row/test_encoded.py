"""Models that know no shorter way score one row as a matrix of one row."""

from __future__ import annotations

import numpy as np
from tests.columns.row.test_trees import RULE

from muster.adapters.onnx import OnnxPredictor
from muster.columns.compiler import compile_served, planned
from muster.columns.encoding.steps import Place, Step
from muster.columns.forms import Linear
from muster.columns.plan import Encoding
from muster.columns.row.encoded import EncodedRow
from muster.columns.row.limits import Limits, Span
from muster.records.data import Column, ColumnType


def test_a_model_with_such_a_column_is_scored_as_a_matrix_of_one_row() -> None:
    placed = Encoding(Column("income", ColumnType.NUMBER), places=(Place(0, (Step("add", (1.0,)),)),))
    form = Linear(np.array([2.0]), 0.5)
    predictor = OnnxPredictor.load(compile_served(planned("v", "given", (placed,), form, RULE), form))
    alone = predictor.plainly(Limits({"income": Span(-5.0, 5.0, nullable=False)}, {}))
    assert alone is not None
    assert isinstance(alone.__self__, EncodedRow)  # type: ignore[attr-defined]
    assert [alone((value,)) for value in (0.25, -4.0)] == predictor.scores(
        predictor.encoder("refuse").encode({"income": [0.25, -4.0]})
    ).tolist()
