"""Predict: scores of the original model, by the library that trained it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.adapters.sklearn.frame import frame
from muster.columns.original.classes import place_of
from muster.records.data import Column, ColumnType


def scores(pipeline: Any, table: pa.Table, inputs: Sequence[Column]) -> NDArray[np.float64]:
    """Return P(target == positive) for each row; unknown categories are read as the model was trained to.

    Raises
    ------
    ValueError
        Where the rows are not what the inputs say, or the model is not a binary one of ours.
    """
    if list(pipeline.classes_) != [0, 1]:
        msg = f"expected a model of the classes 0 and 1, got {list(pipeline.classes_)}: train it with muster"
        raise ValueError(msg)
    if len(table) == 0:
        return np.empty(0)
    return np.ascontiguousarray(pipeline.predict_proba(frame(table, inputs))[:, 1], np.float64)


def probabilities(model: Any, table: pa.Table, inputs: Sequence[Column], positive: Any) -> NDArray[np.float64]:
    """Return P(positive) for each row by any classifier that speaks scikit-learn.

    A model that knows the names of its columns is given a frame of them, in its order; one that does not is given the
    declared columns in theirs, as numbers where all are.

    Raises
    ------
    ValueError
        Where the model gives no probabilities of two classes, or reads other columns than were declared.
    """
    if not hasattr(model, "predict_proba") or not hasattr(model, "classes_"):
        msg = f"the model is a {type(model).__name__}, which gives no probabilities of classes (predict_proba)"
        raise ValueError(msg)
    place = place_of(model.classes_, positive)
    if len(table) == 0:
        return np.empty(0)
    rows = frame(table, inputs)
    known = [str(name) for name in getattr(model, "feature_names_in_", ())]
    if known and sorted(known) != sorted(rows.columns):
        msg = f"the model reads {', '.join(known)}; declared as inputs are {', '.join(rows.columns)}"
        raise ValueError(msg)
    if known:
        rows = rows[known]
    elif all(column.type is not ColumnType.CATEGORY for column in inputs):
        rows = rows.to_numpy()
    return np.ascontiguousarray(model.predict_proba(rows)[:, place], np.float64)
