"""XGBoost's boosters: trained, kept in its own data format, scored, and read as trees of float64 thresholds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.adapters.boosters.learners import missing
from muster.columns.encoding.sets import BOUND, Extra, Sets
from muster.columns.encoding.steps import Step
from muster.columns.forms import Tree, Trees

FILE: Final = "model.ubj"
OBJECTIVES: Final = ("binary:logistic", "reg:logistic")
"""Objectives whose answer is a probability of class 1."""

_LARGEST: Final = float(np.finfo(np.float32).max)

_CODE: Final = (Step("clip", (-1.0, 2.0**24)), Step("single"), Step("floor"))
"""How the library makes the code of a category of a number; what is negative or as large as that is in no set."""


class XgbModel:
    """A booster that answers with the probability of class 1."""

    def __init__(self, booster: Any) -> None:
        self._booster = booster
        learner = json.loads(booster.save_config())["learner"]
        objective = learner["objective"]["name"]
        if objective not in OBJECTIVES:
            known = " and ".join(OBJECTIVES)
            msg = f"the booster's objective is {objective!r}, no probability of two classes: muster measures {known}"
            raise ValueError(msg)
        self.width: Final = int(booster.num_features())
        self.names: Final[tuple[str, ...]] = tuple(booster.feature_names or ())

    @classmethod
    def load(cls, raw: bytes) -> XgbModel:
        """Read UBJSON or JSON as XGBoost writes it; raise ValueError where the bytes are not that."""
        xgboost = _library()
        if raw[:1] != b"{":  # the old binary format and pickles are read by other code, which is not asked
            msg = "not XGBoost's UBJSON or JSON: write the model with Booster.save_model('model.ubj')"
            raise ValueError(msg)
        booster = xgboost.Booster({"nthread": 1})
        try:
            booster.load_model(bytearray(raw))
        except xgboost.core.XGBoostError as error:
            msg = f"XGBoost does not read the model: {_first_line(error)}"
            raise ValueError(msg) from None
        return cls(booster)

    def probabilities(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return P(class 1) for each row; NaN is missing. Numbers beyond float32 are taken as its largest.

        A booster that scikit-learn's interface stopped early uses the trees that this interface uses.
        """
        xgboost = _library()
        within = np.clip(matrix, -_LARGEST, _LARGEST)  # the library refuses what becomes infinite in its float32
        data = xgboost.DMatrix(within, missing=np.nan, nthread=1)
        try:
            found = self._booster.predict(data, iteration_range=self._rounds(), validate_features=False)
        except xgboost.core.XGBoostError as error:
            msg = f"XGBoost does not score the rows: {_first_line(error)}"
            raise ValueError(msg) from None
        return np.asarray(found, np.float64)

    def form(self) -> tuple[Trees, tuple[Extra, ...]]:
        """Return the trees that decide, and the columns that they ask beside those of the matrix.

        Raises
        ------
        ValueError
            Where the booster is more than such trees.
        """
        learner = json.loads(bytes(self._booster.save_raw("json")))["learner"]
        booster = learner["gradient_booster"]
        if booster["name"] != "gbtree":
            msg = f"muster cannot compile XGBoost's {booster['name']}: only gbtree"
            raise ValueError(msg)
        parts = booster["model"]
        first, last = self._rounds()
        ends: Sequence[int] = parts["iteration_indptr"]
        trees = parts["trees"][ends[first] : ends[last] if last else None]
        base = np.float32(str(learner["learner_model_param"]["base_score"]).strip("[]"))
        # As the library: logit in float32 (ProbToMargin of its logistic objectives).
        margin = -np.log(np.float32(1) / base - np.float32(1))
        sets = Sets(self.width)
        return Trees(float(margin), tuple(_tree(each, sets) for each in trees)), sets.extras

    def _rounds(self) -> tuple[int, int]:
        best = self._booster.attr("best_iteration")
        return (0, int(best) + 1) if best is not None and self._booster.attr("scikit_learn") is not None else (0, 0)


def fit(
    matrix: NDArray[np.float64], labels: NDArray[np.int64], parameters: Mapping[str, Any], seed: int
) -> tuple[XgbModel, bytes]:
    """Train a booster, the same one whenever the seed is the same; return it and the bytes that hold it.

    Raises
    ------
    ValueError
        Where the library is not installed, or refuses a parameter.
    """
    xgboost = _library()
    rounds = parameters["n_estimators"]
    fixed = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "seed": seed, "verbosity": 0}
    asked = {**{name: value for name, value in parameters.items() if name != "n_estimators"}, **fixed}
    try:
        booster = xgboost.train(asked, xgboost.DMatrix(matrix, labels, missing=np.nan, nthread=1), rounds)
    except xgboost.core.XGBoostError as error:
        msg = f"XGBoost does not train: {_first_line(error)}"
        raise ValueError(msg) from None
    return XgbModel(booster), bytes(booster.save_raw("ubj"))


def _library() -> Any:
    try:
        import xgboost
    except ModuleNotFoundError:
        raise ValueError(missing("xgboost")) from None
    return xgboost


def _first_line(error: Exception) -> str:
    """Return what is wrong; the library puts the time and its own source file before, and a stack after it."""
    lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    return lines[0].rpartition("] ")[2][:300]


def _tree(given: Mapping[str, Any], sets: Sets) -> Tree:
    if given["tree_param"]["size_leaf_vector"] not in ("0", "1"):
        msg = "a tree has several values a leaf, which muster cannot compile"
        raise ValueError(msg)
    left = np.array(given["left_children"], np.int64)
    leaf = left == -1
    conditions = np.array(given["split_conditions"], np.float32)
    feature, threshold = np.array(given["split_indices"], np.int64), np.where(leaf, 0.0, _largest_below(conditions))
    for node, right in _sets(given):
        feature[node] = sets.asked(int(feature[node]), _CODE, right, others_right=False)
        threshold[node] = BOUND
    return Tree(
        feature=feature,
        threshold=threshold,
        missing_left=np.array(given["default_left"], bool),
        left=left,
        right=np.array(given["right_children"], np.int64),
        leaf=leaf,
        value=np.where(leaf, conditions.astype(np.float64), 0.0),
    )


def _sets(given: Mapping[str, Any]) -> Iterator[tuple[int, list[int]]]:
    """Yield the nodes that split on native categories, and the codes that go right there."""
    told = (given["categories_nodes"], given["categories_segments"], given["categories_sizes"])
    asked = {int(node): given["categories"][start : start + size] for node, start, size in zip(*told, strict=True)}
    if set(np.flatnonzero(given["split_type"]).tolist()) != set(asked):
        msg = "the sets of categories of a tree are not those of its splits: the file is damaged"
        raise ValueError(msg)
    yield from ((node, [int(code) for code in codes]) for node, codes in asked.items())


def _largest_below(thresholds: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return for each float32 threshold the largest float64 x with float32(x) < threshold.

    XGBoost rounds x to float32 and goes left where that is less; so ``x <= bound`` says the same of every float64.
    The bound is the middle between the threshold and the float32 before it, or the float64 before that middle where
    the middle, as even numbers win ties, is rounded up.
    """
    with np.errstate(over="ignore"):
        before = np.nextafter(thresholds, np.float32(-np.inf)).astype(np.float64)
        middle = (before + thresholds.astype(np.float64)) / 2
        rounded = middle.astype(np.float32)
    return np.where(rounded < thresholds, middle, np.nextafter(middle, -np.inf))
