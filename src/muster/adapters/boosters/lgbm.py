"""LightGBM's boosters: trained, kept in its own text format, scored, and read as trees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.adapters.boosters.learners import missing
from muster.adapters.boosters.zeros import Node, Zeros, grown
from muster.columns.encoding.sets import BOUND, Extra, Sets, bits_of
from muster.columns.encoding.steps import Step
from muster.columns.forms import Tree, Trees

FILE: Final = "model.txt"
OBJECTIVE: Final = "binary sigmoid:1"

_CATEGORICAL, _DEFAULT_LEFT = 1, 2  # bits of decision_type; bits 2 and 3 say what is missing (LightGBM, tree.h)
_NAN_RIGHT = 2 << 2  # NaN is missing, and goes right


_CODE: Final = (Step("clip", (-1.0, 2.0**31 - 1)), Step("truncate"))
"""How the library makes the code of a category of a number: towards zero; what is negative or large is in no set."""


class LgbmModel:
    """A booster that answers with the probability of class 1."""

    def __init__(self, booster: Any) -> None:
        self._booster = booster
        self._text = booster.model_to_string()
        header = _fields(self._text.partition("\n\n")[0])
        if not header.get("objective", "").startswith("binary "):
            msg = (
                f"the booster's objective is {header.get('objective', 'not in the file')!r}, which gives no probability"
                " of two classes: muster measures binary"
            )
            raise ValueError(msg)
        self._objective = header["objective"]
        self._averages = "average_output" in header
        self.width: Final = int(header["max_feature_idx"]) + 1
        names = header["feature_names"].split(" ")
        self.names: Final[tuple[str, ...]] = () if names == [f"Column_{i}" for i in range(self.width)] else tuple(names)

    @classmethod
    def load(cls, raw: bytes) -> LgbmModel:
        """Read LightGBM's text; raise ValueError where the bytes are not that."""
        lightgbm = _library()
        if not raw.startswith(b"tree\n"):
            msg = "not LightGBM's text format: write the model with Booster.save_model('model.txt')"
            raise ValueError(msg)
        try:
            return cls(lightgbm.Booster(model_str=raw.decode()))
        except (lightgbm.basic.LightGBMError, KeyError, UnicodeDecodeError) as error:
            msg = f"LightGBM does not read the model: {error}"
            raise ValueError(msg) from None

    def probabilities(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return P(class 1) for each row; what is missing is the model's to say."""
        lightgbm = _library()
        try:
            found = self._booster.predict(matrix, num_threads=1, validate_features=False)
        except lightgbm.basic.LightGBMError as error:
            msg = f"LightGBM does not score the rows: {error}"
            raise ValueError(msg) from None
        return np.asarray(found, np.float64)

    def form(self) -> tuple[Trees, tuple[Extra, ...]]:
        """Return the trees that decide, and the columns that they ask beside those of the matrix.

        Raises
        ------
        ValueError
            Where the booster is more than such trees.
        """
        if self._objective != OBJECTIVE:
            msg = f"muster cannot compile a LightGBM model with {self._objective!r}: only {OBJECTIVE!r}"
            raise ValueError(msg)
        if self._averages:
            msg = "muster cannot compile a LightGBM random forest, which averages its trees: only boosted trees"
            raise ValueError(msg)
        body = self._text.partition("\nend of trees")[0]
        blocks = [block.strip() for block in body.split("\n\n") if block.strip().startswith("Tree=")]
        if len(blocks) != self._booster.num_trees():
            msg = (
                f"{len(blocks)} of the model's {self._booster.num_trees()} trees were found in its text: none is taken"
            )
            raise ValueError(msg)
        sets = Sets(self.width)
        return Trees(0.0, tuple(_tree(_fields(block), sets) for block in blocks)), sets.extras


def fit(
    matrix: NDArray[np.float64], labels: NDArray[np.int64], parameters: Mapping[str, Any], seed: int
) -> tuple[LgbmModel, bytes]:
    """Train a booster, the same one whenever the seed is the same; return it and the bytes that hold it.

    Raises
    ------
    ValueError
        Where the library is not installed, or refuses a parameter.
    """
    lightgbm = _library()
    # Fewer rows a tree take effect only where they are drawn anew each round.
    drawn = {"subsample_freq": 1} if parameters["subsample"] < 1 else {}
    fixed = {"objective": "binary", "num_threads": 1, "deterministic": True, "force_row_wise": True, "verbose": -1}
    asked = {**{name: value for name, value in parameters.items() if name != "n_estimators"}, **fixed, **drawn}
    try:
        data = lightgbm.Dataset(matrix, labels, params={"verbose": -1})
        booster = lightgbm.train({**asked, "seed": seed}, data, parameters["n_estimators"])
    except lightgbm.basic.LightGBMError as error:
        msg = f"LightGBM does not train: {error}"
        raise ValueError(msg) from None
    made = LgbmModel(booster)
    return made, made._text.encode()  # noqa: SLF001 - the text that it was read from


def _library() -> Any:
    try:
        import lightgbm
    except ModuleNotFoundError:
        raise ValueError(missing("lightgbm")) from None
    return lightgbm


def _fields(block: str) -> dict[str, str]:
    lines = (line.partition("=") for line in block.splitlines())
    return {name: value for name, _, value in lines}


def _tree(fields: Mapping[str, str], sets: Sets) -> Tree:
    if fields.get("is_linear", "0") != "0":
        msg = "a tree has linear models in its leaves, which muster cannot compile: train without linear_tree"
        raise ValueError(msg)
    values = _numbers(fields, "leaf_value", np.float64)
    if len(values) == 1:
        return grown([Node(value=float(values[0]))])
    kinds = _numbers(fields, "decision_type", np.int64)
    features, thresholds = _numbers(fields, "split_feature", np.int64), _numbers(fields, "threshold", np.float64)
    for place in np.flatnonzero(kinds & _CATEGORICAL):
        codes = _set(fields, int(thresholds[place]))
        features[place] = sets.asked(int(features[place]), _CODE, codes, others_right=True)
        thresholds[place], kinds[place] = BOUND, _NAN_RIGHT
    left, right = _numbers(fields, "left_child", np.int64), _numbers(fields, "right_child", np.int64)
    nodes = [
        Node(int(feature), float(threshold), bool(kind & _DEFAULT_LEFT), Zeros(int(kind) >> 2 & 3), *children)
        for feature, threshold, kind, *children in zip(
            features, thresholds, kinds, _places(left), _places(right), strict=True
        )
    ]
    return grown([*nodes, *(Node(value=float(value)) for value in values)])


def _set(fields: Mapping[str, str], number: int) -> list[int]:
    """Return the codes of a tree's set; they go left, and everything else, null too, goes right."""
    ends = _numbers(fields, "cat_boundaries", np.int64)
    return bits_of(_numbers(fields, "cat_threshold", np.int64)[ends[number] : ends[number + 1]].tolist())


def _places(children: NDArray[np.int64]) -> list[int]:
    """Leaves are written as ``~number``; here they come after the inner nodes."""
    return [int(child) if child >= 0 else len(children) + ~int(child) for child in children]


def _numbers(fields: Mapping[str, str], name: str, kind: Any) -> NDArray[Any]:
    if name not in fields:
        msg = f"a tree of the LightGBM model has no {name}: the file is damaged"
        raise ValueError(msg)
    return np.array(fields[name].split(), dtype=kind)
