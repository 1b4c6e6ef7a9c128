"""Learner families of boosted trees: what a recipe may name beside scikit-learn's, with parameters and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

LEARNERS: Final[Mapping[str, Mapping[str, int | float]]] = {
    "xgboost": {
        "n_estimators": 100,
        "learning_rate": 0.1,
        "max_depth": 6,
        "min_child_weight": 1.0,
        "reg_alpha": 0.0,
        "reg_lambda": 1.0,
        "subsample": 1.0,
        "colsample_bytree": 1.0,
    },
    "lightgbm": {
        "n_estimators": 100,
        "learning_rate": 0.1,
        "max_depth": -1,
        "num_leaves": 31,
        "min_child_samples": 20,
        "reg_alpha": 0.0,
        "reg_lambda": 0.0,
        "subsample": 1.0,
        "colsample_bytree": 1.0,
    },
    "catboost": {
        "iterations": 100,
        "learning_rate": 0.1,
        "depth": 6,
        "l2_leaf_reg": 3.0,
        "random_strength": 1.0,
        "border_count": 254,
    },
}
"""Parameters by family, in the words that the first two libraries share and the third's own; what is left out has this
value."""

EXTRA: Final = "models"
"""The extra that brings the libraries."""


def settled(learner: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every parameter that the training uses, defaults included; raise ValueError naming what is not known."""
    defaults = LEARNERS[learner]
    if unknown := sorted(given.keys() - defaults.keys()):
        msg = f"learner {learner!r} has no parameter {', '.join(unknown)}: it has {', '.join(defaults)}"
        raise ValueError(msg)
    return {name: _typed(f"{learner}: {name}", given.get(name, default), default) for name, default in defaults.items()}


def missing(library: str) -> str:
    """Return what to say where a library is not installed."""
    return f"{library} is not installed here: it comes with the extra, `pip install 'muster-ml[{EXTRA}]'`"


def _typed(where: str, value: Any, default: float) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, type(default))):
        msg = f"{where} must be {'an integer' if isinstance(default, int) else 'a number'}, not {value!r}"
        raise ValueError(msg)
    return value
