"""Trees of scikit-learn: forests, single trees and both kinds of boosting, with splits on native categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier
from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier

from muster.adapters.sklearn.reading.pipelines import through
from muster.adapters.sklearn.reading.track import Track
from muster.columns.encoding.steps import Step, packed
from muster.columns.forms import Tree, Trees

_CODES = 256
"""Categories that a histogram-boosted tree can tell apart."""


def single_precision(tracks: Sequence[Track]) -> list[Track]:
    """Return columns rounded to float32, as scikit-learn's own trees read them."""
    return [track.then(Step("single")) for track in tracks]


def averaged(estimators: Sequence[Any], places: Sequence[int]) -> Trees:
    """Return trees whose leaves hold P(class); ``places`` is the place of the class in each."""
    return Trees(0.0, tuple(_tree(each.tree_, place) for each, place in zip(estimators, places, strict=True)))


def weighed(model: Any) -> Trees:
    """Return what AdaBoostClassifier adds up: of each tree its weight, for the class that the tree says.

    Raises
    ------
    ValueError
        Where it is not made of trees of the same two classes.
    """
    trees = []
    for each, weight in zip(model.estimators_, model.estimator_weights_, strict=False):  # it may have stopped early
        if type(each) not in (DecisionTreeClassifier, ExtraTreeClassifier) or list(each.classes_) != list(
            model.classes_
        ):
            msg = f"muster cannot compile AdaBoostClassifier of {type(each).__name__}: of trees of both classes only"
            raise ValueError(msg)
        says = each.tree_.value[:, 0, :].argmax(axis=1)  # of equal chances the first class, as predict does
        trees.append(replace(_tree(each.tree_, 0), value=np.where(says == 1, weight, -weight)))
    return Trees(0.0, tuple(trees))


def boosted(model: Any) -> Trees:
    """Return what GradientBoostingClassifier computes; raise ValueError where it starts from another model."""
    if model.init_ != "zero" and type(model.init_) is not DummyClassifier:
        msg = f"muster cannot compile GradientBoostingClassifier that starts from {type(model.init_).__name__}"
        raise ValueError(msg)
    if model.estimators_.shape[1] != 1:
        msg = "muster cannot compile GradientBoostingClassifier of more than two classes"
        raise ValueError(msg)
    begun = model._raw_predict_init(np.zeros((1, model.n_features_in_), np.float32))  # noqa: SLF001 - parity proves it
    trees = (_tree(stage[0].tree_, 0, model.learning_rate) for stage in model.estimators_)
    return Trees(float(begun.item()), tuple(trees))


def _tree(tree: Any, place: int, scale: float | None = None) -> Tree:
    leaf = tree.children_left == -1
    value = tree.value[:, 0, place].astype(np.float64)
    return Tree(
        feature=np.where(leaf, 0, tree.feature).astype(np.int64),
        threshold=np.where(leaf, 0.0, tree.threshold).astype(np.float64),
        missing_left=tree.__getstate__()["nodes"]["missing_go_to_left"].astype(bool),
        left=np.where(leaf, 0, tree.children_left).astype(np.int64),
        right=np.where(leaf, 0, tree.children_right).astype(np.int64),
        leaf=leaf,
        value=value if scale is None else scale * value,
    )


def histogram(model: Any, tracks: Sequence[Track]) -> tuple[list[Track], Trees]:
    """Return the columns that HistGradientBoostingClassifier splits on, and its trees.

    A split on native categories asks whether a category is in a set. Each such set becomes a column of its own, which
    is 0 where the category goes left and 1 where it goes right: then all splits are comparisons.
    """
    if model.n_trees_per_iteration_ != 1:
        msg = "muster cannot compile HistGradientBoostingClassifier of more than two classes"
        raise ValueError(msg)
    if model._preprocessor is not None:  # noqa: SLF001 - as below
        tracks = through(model._preprocessor, tracks)  # noqa: SLF001 - as below
    sets = _Sets(model, list(tracks))
    trees = tuple(sets.tree(predictor) for (predictor,) in model._predictors)  # noqa: SLF001 - parity proves the reading
    return sets.tracks, Trees(float(model._baseline_prediction.item()), trees)  # noqa: SLF001 - as above


class _Sets:
    """Columns that a model's trees split on, one more for each set of categories."""

    def __init__(self, model: Any, tracks: list[Track]) -> None:
        self.tracks = tracks
        self._begun = list(tracks)
        self._made: dict[tuple[int, Step], int] = {}
        self._bits, self._places = model._bin_mapper.make_known_categories_bitsets()  # noqa: SLF001 - as above

    def tree(self, predictor: Any) -> Tree:
        nodes = predictor.nodes
        feature = nodes["feature_idx"].astype(np.int64)
        threshold = nodes["num_threshold"].astype(np.float64)
        missing = nodes["missing_go_to_left"].astype(bool)
        for node in np.flatnonzero(nodes["is_categorical"] & ~nodes["is_leaf"].astype(bool)):
            left = predictor.raw_left_cat_bitsets[nodes["bitset_idx"][node]]
            feature[node] = self._asked(int(feature[node]), left, default_left=bool(missing[node]))
            threshold[node] = 0.5
        return Tree(
            feature, threshold, missing, nodes["left"].astype(np.int64), nodes["right"].astype(np.int64),
            nodes["is_leaf"].astype(bool), nodes["value"].astype(np.float64),
        )  # fmt: skip

    def _asked(self, feature: int, left: NDArray[np.uint32], *, default_left: bool) -> int:
        known = self._bits[self._places[feature]]
        other = 0.0 if default_left else 1.0
        pairs: list[float] = []
        for code in range(_CODES):
            goes = 0.0 if _holds(left, code) else 1.0 if _holds(known, code) else other
            if goes != other:
                pairs += (float(code), goes)
        step = Step("pick", packed([other, other, *pairs]))
        if (feature, step) not in self._made:
            self._made[feature, step] = len(self.tracks)
            self.tracks.append(self._begun[feature].then(step))
        return self._made[feature, step]


def _holds(bits: NDArray[np.uint32], code: int) -> bool:
    return bool(int(bits[code // 32]) >> code % 32 & 1)
