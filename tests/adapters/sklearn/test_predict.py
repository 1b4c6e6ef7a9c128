"""The original library's scores are those of the positive class."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from muster.adapters.sklearn.fit import fit, inputs
from muster.adapters.sklearn.frame import frame, target
from muster.adapters.sklearn.predict import scores
from muster.records.data import Column
from muster.records.model import Recipe


def test_scores_are_the_probability_of_the_positive_class(
    table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]
) -> None:
    model, taken = fit(table, recipe, columns), inputs(table, recipe, columns)
    got = scores(model, table, taken)
    assert got.tobytes() == np.ascontiguousarray(model.predict_proba(frame(table, taken))[:, 1]).tobytes()
    labels = target(table, "default", 1)
    assert got[labels == 1].mean() > got[labels == 0].mean()
    assert scores(model, table.slice(0, 0), taken).shape == (0,)


def test_a_model_of_other_classes_is_refused(table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]) -> None:
    taken = inputs(table, recipe, columns)
    model = fit(table, recipe, columns).set_params(memory=None)
    model.fit(frame(table, taken), np.arange(len(table)) % 3)
    with pytest.raises(ValueError, match="classes 0 and 1"):
        scores(model, table, taken)
