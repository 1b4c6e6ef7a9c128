"""Classifiers of every kind decide alike once compiled, those that other converters get silently wrong among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import FixedThresholdClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from tests.adapters.sklearn.reading.models import INPUTS, NUMBERS, TEXTS, fitted, proven

from muster.adapters.sklearn.extract import extract
from muster.records.data import Column, ColumnType


def _boosting(**options: Any) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_iter=5, **options)


def _scaled(last: Any) -> Pipeline:
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    texts = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return make_pipeline(ColumnTransformer([("n", numbers, NUMBERS), ("t", texts, TEXTS)]), last)


def _raw(last: Any) -> Pipeline:
    texts = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan)
    return make_pipeline(ColumnTransformer([("n", "passthrough", NUMBERS), ("t", texts, TEXTS)]), last)


TREES: dict[str, Any] = {
    "thresholds at values of the data, scaled": _scaled(_boosting()),
    "native categories": _raw(_boosting(categorical_features=[3, 4])),
    "forest of float64 without a cast": _raw(RandomForestClassifier(4, max_depth=6, random_state=0)),
    "extra trees": _raw(ExtraTreesClassifier(3, max_depth=5, random_state=0)),
    "one tree": _scaled(DecisionTreeClassifier(max_depth=5)),
    "gradient boosting": _scaled(GradientBoostingClassifier(n_estimators=5)),
    "adaptive boosting of stumps": _scaled(AdaBoostClassifier(n_estimators=9, random_state=0)),
    "adaptive boosting of deeper trees": _raw(
        make_pipeline(SimpleImputer(), AdaBoostClassifier(DecisionTreeClassifier(max_depth=3), n_estimators=4))
    ),
    "exponential loss": _scaled(GradientBoostingClassifier(n_estimators=5, loss="exponential")),
    "isotonic calibration of boosting": _raw(CalibratedClassifierCV(_boosting(), method="isotonic", cv=2)),
    "bagged trees": _raw(BaggingClassifier(DecisionTreeClassifier(max_depth=5), n_estimators=3, random_state=0)),
    "votes of forests": _raw(
        VotingClassifier(
            [("a", RandomForestClassifier(2, max_depth=4, random_state=1)), ("b", _boosting())],
            voting="soft",
            weights=[1, 3],
        )
    ),
}

SUMS: dict[str, Any] = {
    "stochastic gradient": _scaled(SGDClassifier(loss="log_loss", random_state=0)),
    "modified huber": _scaled(SGDClassifier(loss="modified_huber", random_state=0)),
    "calibrated support vectors": _scaled(CalibratedClassifierCV(LinearSVC(), cv=2)),
    "calibrated pipelines": CalibratedClassifierCV(_scaled(LogisticRegression()), cv=2),
    "network": _scaled(MLPClassifier((6, 3), max_iter=200, random_state=0)),
    "network of tanh": _scaled(MLPClassifier((6,), activation="tanh", max_iter=200, random_state=0)),
    "network of logistic": _scaled(MLPClassifier((6,), activation="logistic", max_iter=200, random_state=0)),
    "votes of pipelines": VotingClassifier(
        [("a", _scaled(LogisticRegression())), ("b", _raw(_boosting()))], voting="soft"
    ),
    "stacked": _scaled(
        StackingClassifier(
            [("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=3)), ("c", LinearSVC())], cv=2
        )
    ),
    "stacked with the columns themselves": _scaled(
        StackingClassifier(
            [("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=3))], cv=2, passthrough=True
        )
    ),
    "calibrated by temperature": _scaled(CalibratedClassifierCV(LogisticRegression(), method="temperature", cv=2)),
    "bagged over some columns": _scaled(BaggingClassifier(LogisticRegression(), n_estimators=3, max_features=0.6)),
    "fixed threshold": FixedThresholdClassifier(_scaled(LogisticRegression()), threshold=0.3),
}


@pytest.mark.parametrize("model", TREES.values(), ids=TREES)
@pytest.mark.filterwarnings("ignore")
def test_models_of_trees_differ_in_no_bit(model: Any) -> None:
    found = proven(fitted(model))
    assert (found.decisions_differing, found.scores_differing) == (0, 0)
    assert found.adversarial_rows > 200


@pytest.mark.parametrize("model", SUMS.values(), ids=SUMS)
@pytest.mark.filterwarnings("ignore")
def test_models_of_sums_differ_in_no_decision(model: Any) -> None:
    found = proven(fitted(model))
    assert found.decisions_differing == 0
    assert found.largest_score_difference < 1e-14


def test_a_calibration_of_a_frozen_model_is_compiled() -> None:
    frozen = FrozenEstimator(fitted(_scaled(LogisticRegression())))
    assert proven(fitted(CalibratedClassifierCV(frozen))).decisions_differing == 0


def test_categories_by_the_type_of_their_columns_are_compiled() -> None:
    inputs = (Column("home", ColumnType.CATEGORY), Column("debt", ColumnType.NUMBER))
    rng = np.random.default_rng(0)
    homes = rng.choice(["own", "rent", "other", "none"], 300)
    debt = rng.normal(size=300)
    labels = (np.isin(homes, ["own", "none"]) ^ (debt > 0)).astype(int)
    rows = pd.DataFrame({"home": pd.Series(homes, dtype="category"), "debt": debt})
    model = _boosting(categorical_features="from_dtype").fit(rows, labels)
    found = proven(model, inputs)
    assert (found.decisions_differing, found.scores_differing) == (0, 0)


def test_what_gives_no_probability_of_two_classes_is_refused() -> None:
    hard = _scaled(VotingClassifier([("a", LogisticRegression())]))
    cooled = _scaled(CalibratedClassifierCV(DecisionTreeClassifier(), method="temperature", cv=2))
    voted = _scaled(BaggingClassifier(LinearSVC(), n_estimators=2))
    refused = {"counts votes": hard, "cannot compile LinearSVC": _scaled(LinearSVC()), "a decision function": cooled}
    for what, model in {**refused, "count votes": voted}.items():
        with pytest.raises(ValueError, match=what):
            extract(fitted(model), INPUTS)
