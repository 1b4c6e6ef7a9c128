"""CatBoost's models: trained, kept in its own binary format, scored, and read as trees of float64 thresholds."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.adapters.boosters.learners import missing
from muster.columns.encoding.sets import Extra
from muster.columns.forms import Tree, Trees

FILE: Final = "model.cbm"
MAGIC: Final = b"CBM1"
LOSSES: Final = ("Logloss", "CrossEntropy")
"""Losses whose answer is a probability of class 1."""


class CatModel:
    """A model that answers with the probability of class 1."""

    def __init__(self, model: Any) -> None:
        self._model = model
        told = _json(model)
        loss = told["model_info"].get("params", {}).get("loss_function", {}).get("type", "not in the file")
        if loss not in LOSSES:
            msg = f"the model's loss is {loss!r}, no probability of two classes: muster measures {' and '.join(LOSSES)}"
            raise ValueError(msg)
        self._told = told
        if told["features_info"].get("text_features") or told["features_info"].get("embedding_features"):
            msg = "the model reads texts or embeddings itself, which no column of a version holds: encode them"
            raise ValueError(msg)
        names = [str(name) for name in model.feature_names_]
        self.width: Final = len(names)
        self.categories: Final = frozenset(int(place) for place in model.get_cat_feature_indices())
        """Places of the columns that hold categories, which the model reads as texts or integers."""
        self.names: Final[tuple[str, ...]] = () if names == [str(at) for at in range(len(names))] else tuple(names)

    @classmethod
    def load(cls, raw: bytes) -> CatModel:
        """Read CatBoost's binary format; raise ValueError where the bytes are not that."""
        catboost = _library()
        if not raw.startswith(MAGIC):
            msg = "not CatBoost's binary format: write the model with save_model('model.cbm')"
            raise ValueError(msg)
        model = catboost.CatBoost()
        try:
            model.load_model(blob=raw)
        except catboost.CatBoostError as error:
            msg = f"CatBoost does not read the model: {str(error).splitlines()[0][:300]}"
            raise ValueError(msg) from None
        return cls(model)

    def probabilities(self, matrix: NDArray[Any]) -> NDArray[np.float64]:
        """Return P(class 1) for each row; NaN is missing. Rows with categories are objects."""
        catboost = _library()
        if len(matrix) == 0:
            return np.empty(0)
        try:
            found = self._model.predict(matrix, prediction_type="Probability", thread_count=1)
        except catboost.CatBoostError as error:
            msg = f"CatBoost does not score the rows: {str(error).splitlines()[0][:300]}"
            raise ValueError(msg) from None
        return np.ascontiguousarray(found[:, 1], np.float64)

    def form(self) -> tuple[Trees, tuple[Extra, ...]]:
        """Return the trees that decide, which ask nothing but the matrix.

        Raises
        ------
        ValueError
            Where the model is more than such trees.
        """
        if self.categories:
            msg = (
                "muster cannot compile a CatBoost model that reads categories itself: it counts how often each went"
                " with the target, by hashes. Encode them before, or let its own library serve it"
            )
            raise ValueError(msg)
        if "oblivious_trees" not in self._told:
            msg = "muster cannot compile a CatBoost model whose trees are not symmetric"
            raise ValueError(msg)
        scale, (bias, *others) = self._told["scale_and_bias"]
        if others:
            msg = "muster cannot compile a CatBoost model of several dimensions"
            raise ValueError(msg)
        features = self._told["features_info"].get("float_features", [])
        flat = {each["feature_index"]: int(each["flat_feature_index"]) for each in features}
        right = {each["feature_index"]: each["nan_value_treatment"] == "AsTrue" for each in features}
        trees = tuple(_tree(each, flat, right, float(scale)) for each in self._told["oblivious_trees"])
        return Trees(float(bias), trees), ()


def fit(
    matrix: NDArray[np.float64], labels: NDArray[np.int64], parameters: Mapping[str, Any], seed: int
) -> tuple[CatModel, bytes]:
    """Train a model, the same one whenever the seed is the same; return it and the bytes that hold it.

    Raises
    ------
    ValueError
        Where the library is not installed, or refuses a parameter.
    """
    catboost = _library()
    fixed = {"loss_function": "Logloss", "thread_count": 1, "verbose": False, "allow_writing_files": False}
    try:
        model = catboost.CatBoost({**parameters, **fixed, "random_seed": seed})
        model.fit(catboost.Pool(matrix, labels))
    except catboost.CatBoostError as error:
        msg = f"CatBoost does not train: {str(error).splitlines()[0][:300]}"
        raise ValueError(msg) from None
    model.get_metadata()["model_guid"] = ""  # drawn anew each time: the same training gives the same bytes without
    model.get_metadata()["train_finish_time"] = ""
    return CatModel(model), _saved(model, "cbm")


def _library() -> Any:
    try:
        import catboost  # type: ignore[import-untyped]
    except ModuleNotFoundError:
        raise ValueError(missing("catboost")) from None
    return catboost


def _saved(model: Any, form: str) -> bytes:
    """Return the model as the library writes it, which it does to files only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        model.save_model(str(path), format=form)
        return path.read_bytes()


def _json(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_saved(model, "json"))
    return found


def _tree(given: Mapping[str, Any], flat: Mapping[int, int], right: Mapping[int, bool], scale: float) -> Tree:
    """Write a symmetric tree out: split k of a row decides bit k of the number of its leaf."""
    splits: Sequence[Mapping[str, Any]] = given["splits"] or ()
    if strange := sorted({split["split_type"] for split in splits} - {"FloatFeature"}):
        msg = f"a tree splits by {', '.join(strange)}, which muster cannot compile: encode categories as numbers"
        raise ValueError(msg)
    depth = len(splits)
    inner, size = 2**depth - 1, 2 ** (depth + 1) - 1
    level = np.floor(np.log2(np.arange(1, size + 1))).astype(np.int64)
    # The root asks the last split, so that the number of a leaf reads as its way down.
    asked = [splits[depth - 1 - at] for at in level[:inner]]
    feature, threshold, missing_left = np.zeros(size, np.int64), np.zeros(size), np.zeros(size, np.bool_)
    feature[:inner] = [flat[split["float_feature_index"]] for split in asked]
    threshold[:inner] = _largest_not_above(np.array([split["border"] for split in asked], np.float32))
    missing_left[:inner] = [not right[split["float_feature_index"]] for split in asked]
    left, rights = np.zeros(size, np.int64), np.zeros(size, np.int64)
    left[:inner], rights[:inner] = 2 * np.arange(inner) + 1, 2 * np.arange(inner) + 2
    value = np.zeros(size)
    value[inner:] = np.asarray(given["leaf_values"], np.float64) * scale
    return Tree(feature, threshold, missing_left, left, rights, np.arange(size) >= inner, value)


def _largest_not_above(borders: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return for each float32 border the largest float64 x with float32(x) <= border, as CatBoost rounds x first.

    It is the middle between the border and the float32 after it, or the float64 before that middle where the middle,
    as even numbers win ties, is rounded up.
    """
    with np.errstate(over="ignore"):
        after = np.nextafter(borders, np.float32(np.inf)).astype(np.float64)
        after = np.where(np.isinf(after), 2.0**128, after)  # where the next float32 would be, after the largest
        middle = (borders.astype(np.float64) + after) / 2
        rounded = middle.astype(np.float32)
    return np.where(rounded <= borders, middle, np.nextafter(middle, -np.inf))
