"""Fitting: the same recipe and rows give the same model, and what cannot be right is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from muster.adapters.sklearn.fit import fit, inputs
from muster.adapters.sklearn.frame import frame, target
from muster.records.data import Column, ColumnType
from muster.records.model import Recipe


def test_a_fitted_pipeline_ranks_and_reads_nulls(table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]) -> None:
    model = fit(table, recipe, columns)
    scores = model.predict_proba(frame(table, inputs(table, recipe, columns)))[:, 1]
    assert np.isfinite(scores).all()
    assert roc_auc_score(target(table, "default", 1), scores) > 0.7


def test_the_same_seed_gives_the_same_scores(table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]) -> None:
    rows = frame(table, inputs(table, recipe, columns))
    one, two = (fit(table, recipe, columns).predict_proba(rows) for _ in range(2))
    assert one.tobytes() == two.tobytes()


def test_inputs_come_in_the_order_of_the_recipe_with_their_categories(
    table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]
) -> None:
    taken = inputs(table, recipe, columns)
    assert [column.name for column in taken] == ["age", "job", "income", "home"]
    assert taken[1].categories == ("clerk", "nurse", "pilot")
    assert taken[3].categories == ("own", "rent")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"inputs": ()}, "must be some columns"),
        ({"inputs": ("age", "age")}, "each named once"),
        ({"inputs": ("age", "default")}, "without the target"),
        ({"inputs": ("age", "shoe")}, "takes shoe as inputs"),
        ({"learner": "magic"}, "unknown learner"),
        ({"target": "outcome"}, "target column 'outcome' is missing"),
        ({"positive": 7}, "0 of 600 rows"),
        ({"parameters": {"imputation": "refuse"}}, "job, income may be null"),
        ({"parameters": {"max_iter": 1}}, "did not converge in 1 steps"),
    ],
)
def test_a_recipe_that_cannot_work_is_refused(
    table: pa.Table, columns: tuple[Column, ...], change: dict[str, Any], what: str
) -> None:
    recipe = Recipe("logistic-regression", ("age", "job", "income", "home"), "default", 1, {})
    with pytest.raises(ValueError, match=what):
        fit(table, replace(recipe, **change), columns)


def test_rows_that_are_not_what_the_columns_say_are_refused(table: pa.Table, columns: tuple[Column, ...]) -> None:
    recipe = Recipe("gradient-boosting", ("age", "job"), "default", 1, {})
    narrow = (*columns[:3], replace(columns[3], categories=("clerk",)))
    with pytest.raises(ValueError, match="'job' holds 1 categories that it does not allow, such as 'nurse'"):
        fit(table, recipe, narrow)
    empty = table.set_column(table.column_names.index("job"), "job", pa.nulls(len(table), pa.string()))
    with pytest.raises(ValueError, match="no row has a value in job"):
        fit(empty, recipe, columns)
    with pytest.raises(ValueError, match="'job', row .*: no value"):
        fit(table, recipe, (*columns[:3], Column("job", ColumnType.CATEGORY)))
