"""Predict: scores of the original model, by the library that trained it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.adapters.sklearn.frame import frame
from muster.records.data import Column


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
