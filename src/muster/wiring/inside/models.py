"""Models by their format: opened from their files, they score rows, and some can be taken apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.adapters.sklearn import store
from muster.adapters.sklearn.extract import extract
from muster.adapters.sklearn.frame import rows_of
from muster.adapters.sklearn.predict import probabilities, scores
from muster.columns.encoding.mixes import Mix
from muster.columns.encoding.sets import Extra
from muster.columns.forms import Form, Trees
from muster.columns.original.classes import BOTH, of_positive, place_of
from muster.columns.plan import Encoding
from muster.ports.executor import Progress
from muster.records.data import Column
from muster.records.model import Manifest, ModelFormat, Reading

ENCODINGS = "encodings.json"
"""How columns become the matrix of a booster; without it, each column is one number."""

Grown = tuple[Trees, tuple[Extra, ...]]
Parts = tuple[tuple[Encoding, ...], Form, tuple[Mix, ...]]


@dataclass(frozen=True, slots=True)
class Graph:
    """An ONNX graph of others."""

    raw: bytes
    within: str = ""
    """Its name in the folder of an MLflow model that it came in; empty: it came by itself."""


@dataclass(frozen=True, slots=True)
class Original:
    """A model as the library runs it that it was made with."""

    scores: Callable[[pa.Table], NDArray[np.float64]]
    """P(positive) for each row."""
    parts: Callable[[], Parts]
    """What it computes, free of its library; raises ValueError where that is not known exactly."""
    graph: Graph | None = None
    """The ONNX graph of others that it is, if it is one."""


def opened(manifest: Manifest, read: Callable[[str], bytes], progress: Progress) -> Original:
    """Open the model that a manifest names.

    Parameters
    ----------
    read
        Returns a file by its name in the manifest.

    Raises
    ------
    ValueError
        Where the files are not a model of that format, or the model does not read the declared inputs.
    PermissionError
        Where a file holds what is not allowed in its format.
    """
    (name,) = [name for name in manifest.files if name != ENCODINGS] or [""]
    files = {kept: read(kept) for kept in manifest.files}
    return _opened(manifest.format, files[name], _Asked(manifest, files.get(ENCODINGS), progress))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is declared of a model."""

    manifest: Manifest
    encodings: bytes | None
    progress: Progress

    @property
    def inputs(self) -> tuple[Column, ...]:
        return self.manifest.inputs

    @property
    def reading(self) -> Reading:
        """How its answers are read; a model that was trained here knows the positive class as 1."""
        return self.manifest.reading or Reading(1)


def _opened(format_: ModelFormat, raw: bytes, asked: _Asked) -> Original:
    opening: Mapping[ModelFormat, Callable[[bytes, _Asked], Original]] = {
        ModelFormat.SKOPS: _skops,
        ModelFormat.PICKLE: _pickle,
        ModelFormat.JOBLIB: _joblib,
        ModelFormat.XGBOOST: _xgboost,
        ModelFormat.LIGHTGBM: _lightgbm,
        ModelFormat.CATBOOST: _catboost,
        ModelFormat.ONNX: _graph,
        ModelFormat.PYFUNC: _pyfunc,
    }
    if format_ not in opening:
        msg = f"a model of the format {format_.value} is not a file: it cannot be opened here"
        raise ValueError(msg)
    return opening[format_](raw, asked)


def _skops(raw: bytes, asked: _Asked) -> Original:
    if asked.manifest.reading is not None:
        from muster.adapters.pickled.allowed import class_names

        return _foreign(store.load(raw, class_names()), asked)
    model, taken = store.load(raw), asked.inputs
    return Original(lambda table: scores(model, table, taken), lambda: extract(model, taken))


def _pickle(raw: bytes, asked: _Asked) -> Original:
    from muster.adapters.pickled.load import load_pickle

    return _foreign(load_pickle(raw, asked.progress), asked)


def _joblib(raw: bytes, asked: _Asked) -> Original:
    from muster.adapters.pickled.load import load_joblib

    return _foreign(load_joblib(raw, asked.progress), asked)


def _foreign(model: Any, asked: _Asked) -> Original:
    taken, positive = asked.inputs, asked.reading.positive

    def parts() -> Parts:
        _require_second(model.classes_, positive)
        return extract(model, taken, _BOOSTERS)

    return Original(lambda table: probabilities(model, table, taken, positive), parts)


def _xgboost(raw: bytes, asked: _Asked) -> Original:
    from muster.adapters.boosters.xgb import XgbModel

    return _booster(XgbModel.load(raw), asked)


def _lightgbm(raw: bytes, asked: _Asked) -> Original:
    from muster.adapters.boosters.lgbm import LgbmModel

    return _booster(LgbmModel.load(raw), asked)


def _catboost(raw: bytes, asked: _Asked) -> Original:
    from muster.adapters.boosters.cat import CatModel

    model = CatModel.load(raw)
    return _with_categories(model, asked) if model.categories else _booster(model, asked)


def _with_categories(model: Any, asked: _Asked) -> Original:
    from muster.adapters.boosters.matrix import mixed, objects

    taken, positive = asked.inputs, asked.reading.positive
    if asked.encodings is not None:
        msg = "the model reads categories itself, and encodings.json came with it: hand in one of both"
        raise ValueError(msg)
    columns = mixed(taken, model.names, model.width, model.categories)

    def score(table: pa.Table) -> NDArray[np.float64]:
        read = objects(columns, model.categories, rows_of(table, taken))
        return of_positive(model.probabilities(read), BOTH, positive)

    def parts() -> Parts:
        _require_second(BOTH, positive)
        encodings, form = model.spread(columns)
        return encodings, form, ()

    return Original(score, parts)


def _catboost_trees(model: Any) -> Grown:
    from muster.adapters.boosters.cat import CatModel

    return CatModel(model).form()


def _xgboost_trees(model: Any) -> Grown:
    from muster.adapters.boosters.xgb import XgbModel

    return XgbModel(model.get_booster()).form()


def _lightgbm_trees(model: Any) -> Grown:
    from muster.adapters.boosters.lgbm import LgbmModel

    return LgbmModel(model.booster_).form()


_BOOSTERS: Mapping[str, Callable[[Any], Grown]] = {
    "catboost.core.CatBoostClassifier": _catboost_trees,
    "xgboost.sklearn.XGBClassifier": _xgboost_trees,
    "lightgbm.sklearn.LGBMClassifier": _lightgbm_trees,
}
"""Classifiers of other libraries that stand in pipelines of scikit-learn, and what reads their trees."""


def _booster(model: Any, asked: _Asked) -> Original:
    from muster.adapters.boosters.matrix import encoded, from_bytes, plain_numbers, widened

    taken, positive = asked.inputs, asked.reading.positive
    if asked.encodings is None:
        encodings = plain_numbers(taken, model.names, model.width)
    else:
        encodings = from_bytes(asked.encodings, taken)
        _require_width(encodings, model.width)

    def score(table: pa.Table) -> NDArray[np.float64]:
        return of_positive(model.probabilities(encoded(encodings, rows_of(table, taken))), BOTH, positive)

    def parts() -> Parts:
        _require_second(BOTH, positive)
        form, extras = model.form()
        return widened(encodings, extras), form, ()

    return Original(score, parts)


def _graph(raw: bytes, asked: _Asked) -> Original:
    from muster.adapters.graphs.given import GivenGraph

    taken = asked.inputs
    graph = GivenGraph(raw, taken, asked.reading.positive, asked.reading.output)

    def parts() -> Parts:
        msg = "muster cannot compile an ONNX graph of others: it does not know exactly what the graph computes"
        raise ValueError(msg)

    return Original(lambda table: graph.probabilities(rows_of(table, taken)), parts, Graph(raw))


def _pyfunc(raw: bytes, asked: _Asked) -> Original:
    from muster.adapters.mlflow.folder import opened as open_folder

    inside = open_folder(raw)
    asked.progress(f"the MLflow model holds a file of the format {inside.format.value}")
    found = _opened(inside.format, inside.content, asked)
    return replace(found, graph=Graph(inside.content, inside.name)) if found.graph else found


def _require_second(classes: Sequence[Any], positive: Any) -> None:
    if place_of(classes, positive) != 1:
        msg = "the score is the probability of the model's first class, and muster compiles that of the second only"
        raise ValueError(msg)


def _require_width(encodings: Sequence[Encoding], width: int) -> None:
    made = sum(encoding.width for encoding in encodings)
    if made != width:
        msg = f"encodings.json makes {made} columns, the model reads {width}: they are not of one version"
        raise ValueError(msg)
