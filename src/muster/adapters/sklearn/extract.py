"""Extract: a fitted pipeline to its encodings and form, free of scikit-learn; refuses what it does not know exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from muster.columns.forms import Form, Linear, Tree, Trees
from muster.columns.plan import Encoding
from muster.records.data import Column, ColumnType


def extract(pipeline: Any, inputs: Sequence[Column]) -> tuple[tuple[Encoding, ...], Form]:
    """Return the encodings, in the pipeline's matrix order, and what its classifier computes.

    Raises
    ------
    ValueError
        Where it is neither a pipeline as ``fit`` makes them nor a classifier of plain numbers, or does not read these
        inputs.
    """
    if not isinstance(pipeline, Pipeline):
        return _plain(pipeline, inputs), _form(pipeline)
    if list(pipeline.named_steps) != ["columns", "model"]:
        msg = f"muster cannot compile a pipeline of the steps {', '.join(pipeline.named_steps)}: train it with muster"
        raise ValueError(msg)
    known = {column.name: column for column in inputs}
    encodings: list[Encoding] = []
    for name, part, names in pipeline.named_steps["columns"].transformers_:
        if name == "numbers":
            encodings += _numbers(part, [known[key] for key in names])
        elif name == "categories":
            encodings += _categories(part, [known[key] for key in names])
        elif name != "remainder":
            msg = f"the pipeline has a step {name!r} that muster cannot compile: train it with muster"
            raise ValueError(msg)
    if {encoding.column.name for encoding in encodings} != set(known):
        msg = "the pipeline does not read the inputs that the manifest names: they are not of one version"
        raise ValueError(msg)
    return tuple(encodings), _form(pipeline.named_steps["model"])


def _plain(model: Any, inputs: Sequence[Column]) -> tuple[Encoding, ...]:
    """Return encodings for a classifier that reads each column as a number."""
    _form(model)
    known = {column.name: column for column in inputs}
    names = [str(name) for name in getattr(model, "feature_names_in_", known)]
    if sorted(names) != sorted(known) or model.n_features_in_ != len(known):
        msg = f"the model reads {', '.join(names)}; declared as inputs are {', '.join(known)}"
        raise ValueError(msg)
    if texts := [column.name for column in inputs if column.type is ColumnType.CATEGORY]:
        msg = f"{', '.join(texts)} hold text, which the model must turn into numbers in a way that muster cannot read"
        raise ValueError(msg)
    return tuple(Encoding(known[name]) for name in names)


def _numbers(part: Any, columns: list[Column]) -> list[Encoding]:
    if not isinstance(part, Pipeline):  # passed through
        return [Encoding(column) for column in columns]
    scaler = part.named_steps["scale"]
    fills = part.named_steps["impute"].statistics_ if "impute" in part.named_steps else [None] * len(columns)
    return [
        Encoding(column, fill=None if fill is None else float(fill), mean=float(mean), scale=float(scale))
        for column, fill, mean, scale in zip(columns, fills, scaler.mean_, scaler.scale_, strict=True)
    ]


def _categories(part: Any, columns: list[Column]) -> list[Encoding]:
    made = []
    for column, found in zip(columns, part.categories_, strict=True):
        names = found.tolist()
        null = bool(names) and names[-1] is None
        made.append(Encoding(column, categories=tuple(names[:-1] if null else names), null_place=null))
    return made


def _form(model: Any) -> Form:
    if type(model) is LogisticRegression and model.coef_.shape[0] == 1:
        return Linear(model.coef_[0].astype(np.float64), float(model.intercept_[0]))
    if type(model) is HistGradientBoostingClassifier and model.n_trees_per_iteration_ == 1:
        trees = tuple(_tree(predictor) for (predictor,) in model._predictors)  # noqa: SLF001 - parity proves the reading
        return Trees(float(model._baseline_prediction.item()), trees)  # noqa: SLF001 - as above
    msg = (
        f"muster cannot compile {type(model).__name__}: known are LogisticRegression and HistGradientBoostingClassifier"
    )
    raise ValueError(msg)


def _tree(predictor: Any) -> Tree:
    nodes: Mapping[str, Any] = predictor.nodes
    if nodes["is_categorical"].any():
        msg = "a tree splits on native categories, which muster cannot compile: one-hot encode them"
        raise ValueError(msg)
    return Tree(
        feature=nodes["feature_idx"].astype(np.int64),
        threshold=nodes["num_threshold"].astype(np.float64),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        left=nodes["left"].astype(np.int64),
        right=nodes["right"].astype(np.int64),
        leaf=nodes["is_leaf"].astype(bool),
        value=nodes["value"].astype(np.float64),
    )
