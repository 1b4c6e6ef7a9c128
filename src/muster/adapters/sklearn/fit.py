"""Fit: a recipe and training rows to a scikit-learn pipeline, the same one whenever the seed is the same."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from muster.adapters.sklearn.frame import frame, target
from muster.adapters.sklearn.learners import LEARNERS, settled
from muster.records.data import Column, ColumnType
from muster.records.model import Recipe


def inputs(table: pa.Table, recipe: Recipe, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns that the recipe takes as inputs, categories filled in from the rows where none are given.

    Raises
    ------
    ValueError
        Where an input is unknown, named twice, is the target, or has no value in any row.
    """
    known = {column.name: column for column in columns}
    if not recipe.inputs or len(set(recipe.inputs)) != len(recipe.inputs) or recipe.target in recipe.inputs:
        msg = f"the recipe's inputs must be some columns, each named once, without the target {recipe.target!r}"
        raise ValueError(msg)
    if unknown := [name for name in recipe.inputs if name not in known or name not in table.column_names]:
        msg = (
            f"the recipe takes {', '.join(unknown)} as inputs, which the data do not have: they have {', '.join(known)}"
        )
        raise ValueError(msg)
    if empty := [name for name in recipe.inputs if table.column(name).null_count == len(table)]:
        msg = f"no row has a value in {', '.join(empty)}: leave it out of the inputs"
        raise ValueError(msg)
    return tuple(_with_categories(table, known[name]) for name in recipe.inputs)


def _with_categories(table: pa.Table, column: Column) -> Column:
    if column.type is not ColumnType.CATEGORY:
        return column
    values: Any = table.column(column.name).combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    found = sorted(value for value in pc.unique(values).to_pylist() if value is not None)
    if not column.categories:
        return replace(column, categories=tuple(map(str, found)))
    if strange := [value for value in found if value not in column.categories]:
        msg = f"column {column.name!r} holds {len(strange)} categories that it does not allow, such as {strange[0]!r}"
        raise ValueError(msg)
    return column


def fit(table: pa.Table, recipe: Recipe, columns: Sequence[Column]) -> Pipeline:
    """Train the recipe on the rows of a table.

    Parameters
    ----------
    table
        Training rows with the inputs and the target; other columns are left aside.
    columns
        What the table holds; categories that a column does not name are learnt from the rows.

    Returns
    -------
    A fitted pipeline from a frame of raw columns to probabilities; class 1 is ``target == positive``.

    Raises
    ------
    ValueError
        On an unknown learner, parameter or input, on rows that are not what the columns say, and where the training
        did not converge.
    """
    parameters = settled(recipe.learner, recipe.parameters)
    taken = inputs(table, recipe, columns)
    learner = LEARNERS[recipe.learner]
    if parameters.get("imputation") == "refuse" and (nullable := [c.name for c in taken if c.nullable]):
        msg = f"{', '.join(nullable)} may be null, and the recipe refuses to impute: set imputation to 'median'"
        raise ValueError(msg)
    numbers = [column.name for column in taken if column.type is not ColumnType.CATEGORY]
    categories = [column for column in taken if column.type is ColumnType.CATEGORY]
    one_hot = OneHotEncoder(
        categories=[np.array([*c.categories, None] if c.nullable else c.categories, dtype=object) for c in categories],
        handle_unknown="ignore",
        sparse_output=False,
    )
    parts = [("numbers", learner.numbers(parameters), numbers), ("categories", one_hot, [c.name for c in categories])]
    pipeline = Pipeline(
        [
            ("columns", ColumnTransformer([part for part in parts if part[2]], sparse_threshold=0)),
            ("model", learner.classifier(parameters, recipe.seed)),
        ]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            return pipeline.fit(frame(table, taken), target(table, recipe.target, recipe.positive))
        except ConvergenceWarning:
            msg = f"the training did not converge in {parameters['max_iter']} steps: raise max_iter or lower C"
            raise ValueError(msg) from None
