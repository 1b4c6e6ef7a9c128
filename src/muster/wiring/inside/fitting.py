"""Fitting: a recipe to a model, by the library that its learner is of."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.adapters.boosters import learners as boosters
from muster.adapters.boosters.matrix import encoded, encodings_of, to_bytes
from muster.adapters.sklearn import learners, store
from muster.adapters.sklearn.fit import fit, inputs
from muster.adapters.sklearn.frame import rows_of, target
from muster.adapters.sklearn.predict import scores
from muster.records.data import Column
from muster.records.model import ModelFormat, Recipe
from muster.wiring.inside.models import ENCODINGS

SKOPS = "model.skops"


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a recipe became."""

    inputs: tuple[Column, ...]
    """As the model knows them: categories are filled in."""
    parameters: Mapping[str, Any]
    """All, defaults included."""
    format: ModelFormat
    files: Mapping[str, bytes]
    scores: Callable[[pa.Table], NDArray[np.float64]]
    seconds: float
    libraries: tuple[str, ...] = ()
    """Distributions that made it, beside those that every worker has."""


def fitted(table: pa.Table, recipe: Recipe, columns: Sequence[Column]) -> Fitted:
    """Train a recipe on rows; raise ValueError where that cannot be, with what to change."""
    known = (*learners.LEARNERS, *boosters.LEARNERS)
    if recipe.learner not in known:
        msg = f"unknown learner {recipe.learner!r}: known are {', '.join(known)}"
        raise ValueError(msg)
    begun = time.perf_counter()
    made = _boosted if recipe.learner in boosters.LEARNERS else _pipeline
    return made(table, recipe, columns, begun)


def settled(recipe: Recipe) -> dict[str, Any]:
    """Return every parameter that the training uses, defaults included."""
    if recipe.learner in boosters.LEARNERS:
        return boosters.settled(recipe.learner, recipe.parameters)
    return learners.settled(recipe.learner, recipe.parameters)


def _pipeline(table: pa.Table, recipe: Recipe, columns: Sequence[Column], begun: float) -> Fitted:
    model = fit(table, recipe, columns)
    taken, seconds = inputs(table, recipe, columns), _since(begun)
    files = {SKOPS: store.dump(model)}
    return Fitted(taken, settled(recipe), ModelFormat.SKOPS, files, lambda rows: scores(model, rows, taken), seconds)


def _boosted(table: pa.Table, recipe: Recipe, columns: Sequence[Column], begun: float) -> Fitted:
    parameters = settled(recipe)
    taken = inputs(table, recipe, columns)
    labels = target(table, recipe.target, recipe.positive)
    encodings = encodings_of(taken)
    library: Any
    if recipe.learner == "xgboost":
        from muster.adapters.boosters import xgb as library
    elif recipe.learner == "catboost":
        from muster.adapters.boosters import cat as library
    else:
        from muster.adapters.boosters import lgbm as library
    model, raw = library.fit(encoded(encodings, rows_of(table, taken)), labels, parameters, recipe.seed)
    return Fitted(
        taken,
        parameters,
        ModelFormat(recipe.learner),
        {library.FILE: raw, ENCODINGS: to_bytes(encodings)},
        lambda rows: model.probabilities(encoded(encodings, rows_of(rows, taken))),
        _since(begun),
        libraries=(recipe.learner,),
    )


def _since(begun: float) -> float:
    return round(time.perf_counter() - begun, 3)
