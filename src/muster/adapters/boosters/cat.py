"""CatBoost's models: trained, kept in its own binary format, scored, and read as trees of float64 thresholds."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.adapters.boosters.asked import told_apart
from muster.adapters.boosters.learners import missing
from muster.columns.encoding.sets import BOUND, Extra
from muster.columns.encoding.steps import Place
from muster.columns.forms import Tree, Trees
from muster.columns.plan import Encoding
from muster.records.data import Column

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
            msg = "muster cannot compile a CatBoost model that reads categories itself within a pipeline: encode them"
            raise ValueError(msg)
        return self._grown({}, range(self.width)), ()

    def spread(self, columns: Sequence[Column]) -> tuple[tuple[Encoding, ...], Trees]:
        """Return encodings and trees of a model that asks of categories no more than which they are.

        Parameters
        ----------
        columns
            Declared inputs, in the order of the model.

        Raises
        ------
        ValueError
            Where the model counts categories, or asks for one that is not declared.
        """
        numbers = [place for place in range(self.width) if place not in self.categories]
        at = {place: number for number, place in enumerate(numbers)}
        asked = sorted(
            {_asked(split) for tree in self._symmetric() for split in tree["splits"] or () if _is_one(split)}
        )
        right = {key: len(numbers) + number for number, key in enumerate(asked)}
        trees = self._grown(right, [at.get(place, 0) for place in range(self.width)])
        encodings = told_apart(self, columns, self._flat("categorical_features"), right)
        return tuple(
            encodings.get(place) or Encoding(column, places=(Place(at[place]),)) for place, column in enumerate(columns)
        ), trees

    def asks(self, rows: NDArray[Any]) -> list[dict[tuple[int, int], bool]]:
        """Return for each row what the model's questions about categories are answered, by the library itself."""
        catboost = _library()
        try:
            pool = catboost.Pool(rows, cat_features=sorted(self.categories))
            leaves = np.asarray(self._model.calc_leaf_indexes(pool, thread_count=1), np.int64)
        except (catboost.CatBoostError, TypeError) as error:  # of None, which is no text, the second
            msg = f"CatBoost does not read the rows: {str(error).splitlines()[0][:300]}"
            raise ValueError(msg) from None
        found: list[dict[tuple[int, int], bool]] = [{} for _ in rows]
        for number, tree in enumerate(self._symmetric()):
            for bit, split in enumerate(tree["splits"] or ()):
                for row, leaf in enumerate(leaves[:, number].tolist() if _is_one(split) else ()):
                    found[row][_asked(split)] = bool(leaf >> bit & 1)
        return found

    def _symmetric(self) -> Sequence[Mapping[str, Any]]:
        if "oblivious_trees" not in self._told:
            msg = "muster cannot compile a CatBoost model whose trees are not symmetric"
            raise ValueError(msg)
        return list(self._told["oblivious_trees"])

    def _flat(self, kind: str) -> dict[int, int]:
        features = self._told["features_info"].get(kind, [])
        return {each["feature_index"]: int(each["flat_feature_index"]) for each in features}

    def _grown(self, right: Mapping[tuple[int, int], int], at: Sequence[int]) -> Trees:
        """Return the trees; ``right`` is the column of each question about a category, ``at`` that of each number."""
        symmetric = self._symmetric()
        scale, (bias, *others) = self._told["scale_and_bias"]
        if others:
            msg = "muster cannot compile a CatBoost model of several dimensions"
            raise ValueError(msg)
        numbers = {feature: at[flat] for feature, flat in self._flat("float_features").items()}
        missing_right = {
            each["feature_index"]: each["nan_value_treatment"] == "AsTrue"
            for each in self._told["features_info"].get("float_features", [])
        }
        reads = _Reads(numbers, missing_right, right)
        return Trees(float(bias), tuple(_tree(each, reads, float(scale)) for each in symmetric))


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


def _is_one(split: Mapping[str, Any]) -> bool:
    return bool(split["split_type"] == "OneHotFeature")


def _asked(split: Mapping[str, Any]) -> tuple[int, int]:
    """Return which question about a category a split asks: of which column, and for the hash of which category."""
    return int(split["cat_feature_index"]), int(split["value"])


@dataclass(frozen=True, slots=True)
class _Reads:
    """Which columns of the matrix splits read."""

    numbers: Mapping[int, int]
    missing_right: Mapping[int, bool]
    """Whether NaN goes right, by number."""
    questions: Mapping[tuple[int, int], int]

    def split(self, split: Mapping[str, Any]) -> tuple[int, float, bool]:
        """Return column, threshold, and whether NaN goes left."""
        if _is_one(split):
            return self.questions[_asked(split)], BOUND, True
        if split["split_type"] != "FloatFeature":
            msg = (
                f"a tree splits by {split['split_type']}, which muster cannot compile: CatBoost counts there how often"
                " categories went with the target, by hashes. Encode them before, or raise one_hot_max_size"
            )
            raise ValueError(msg)
        feature = split["float_feature_index"]
        threshold = _largest_not_above(np.array([split["border"]], np.float32))
        return self.numbers[feature], float(threshold[0]), not self.missing_right[feature]


def _tree(given: Mapping[str, Any], reads: _Reads, scale: float) -> Tree:
    """Write a symmetric tree out: split k of a row decides bit k of the number of its leaf."""
    splits = [reads.split(split) for split in given["splits"] or ()]
    depth = len(splits)
    inner, size = 2**depth - 1, 2 ** (depth + 1) - 1
    level = np.floor(np.log2(np.arange(1, size + 1))).astype(np.int64)
    # The root asks the last split, so that the number of a leaf reads as its way down.
    asked = [splits[depth - 1 - at] for at in level[:inner]]
    feature, threshold, missing_left = np.zeros(size, np.int64), np.zeros(size), np.zeros(size, np.bool_)
    feature[:inner] = [split[0] for split in asked]
    threshold[:inner] = [split[1] for split in asked]
    missing_left[:inner] = [split[2] for split in asked]
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
