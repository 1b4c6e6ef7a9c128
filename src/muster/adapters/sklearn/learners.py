"""Learner families: what a recipe may name, with every parameter that it may set and its default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler


@dataclass(frozen=True, slots=True)
class Learner:
    """A family: its parameters with defaults, what it does with numbers, and the classifier that it makes."""

    defaults: Mapping[str, Any]
    numbers: Callable[[Mapping[str, Any]], Any]
    """Makes the transformer of the numeric columns."""
    classifier: Callable[[Mapping[str, Any], int], Any]
    """Makes the unfitted classifier from parameters and seed."""
    native_nulls: bool
    """Whether the classifier itself reads NaN as missing."""


def _standardised(parameters: Mapping[str, Any]) -> Any:
    steps: list[tuple[str, Any]] = [("scale", StandardScaler())]
    if parameters["imputation"] == "median":
        steps.insert(0, ("impute", SimpleImputer(strategy="median")))
    return Pipeline(steps)


def _logistic(parameters: Mapping[str, Any], seed: int) -> Any:
    return LogisticRegression(C=parameters["C"], max_iter=parameters["max_iter"], random_state=seed)


def _boosting(parameters: Mapping[str, Any], seed: int) -> Any:
    # Early stopping would hold back rows by chance and make the result depend on how many rows there are.
    return HistGradientBoostingClassifier(**parameters, early_stopping=False, random_state=seed)


LEARNERS: Mapping[str, Learner] = {
    "logistic-regression": Learner(
        defaults={"C": 1.0, "max_iter": 2000, "imputation": "median"},
        numbers=_standardised,
        classifier=_logistic,
        native_nulls=False,
    ),
    "gradient-boosting": Learner(
        defaults={
            "max_iter": 100,
            "learning_rate": 0.1,
            "max_leaf_nodes": 31,
            "min_samples_leaf": 20,
            "l2_regularization": 0.0,
        },
        numbers=lambda _: "passthrough",
        classifier=_boosting,
        native_nulls=True,
    ),
}


def settled(learner: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return every parameter that the training uses, defaults included; raise ValueError naming what is not known."""
    if learner not in LEARNERS:
        msg = f"unknown learner {learner!r}: known are {', '.join(LEARNERS)}"
        raise ValueError(msg)
    defaults = LEARNERS[learner].defaults
    if unknown := sorted(given.keys() - defaults.keys()):
        msg = f"learner {learner!r} has no parameter {', '.join(unknown)}: it has {', '.join(defaults)}"
        raise ValueError(msg)
    return {name: _typed(f"{learner}: {name}", given.get(name, default), default) for name, default in defaults.items()}


def _typed(where: str, value: Any, default: Any) -> Any:
    if isinstance(default, str):
        if value not in ("median", "refuse"):
            msg = f"{where} must be 'median' or 'refuse', not {value!r}"
            raise ValueError(msg)
        return value
    if isinstance(value, bool) or not isinstance(value, (int, type(default))):
        msg = f"{where} must be {'an integer' if isinstance(default, int) else 'a number'}, not {value!r}"
        raise ValueError(msg)
    # A ledger writes 1.0 as 1: what is read back must train the very same model.
    return float(value) if isinstance(default, float) else value
