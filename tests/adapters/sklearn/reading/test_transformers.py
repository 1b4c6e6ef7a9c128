"""Every transformer that people use is compiled exactly: no decision differs, and trees over it differ in no bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_selection import SelectKBest, VarianceThreshold
from sklearn.impute import KNNImputer, MissingIndicator, SimpleImputer
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
from tests.adapters.sklearn.reading.models import INPUTS, NUMBERS, TEXTS, fitted, proven

from muster.adapters.sklearn.extract import extract

NUMERIC: dict[str, Any] = {
    "median with indicator": make_pipeline(SimpleImputer(strategy="median", add_indicator=True), MinMaxScaler()),
    "clipped": make_pipeline(SimpleImputer(strategy="most_frequent"), MinMaxScaler(clip=True)),
    "constant": make_pipeline(SimpleImputer(strategy="constant", fill_value=-1), MaxAbsScaler()),
    "scaled before it is filled": make_pipeline(RobustScaler(), SimpleImputer()),
    "binned": make_pipeline(SimpleImputer(), KBinsDiscretizer(4, quantile_method="averaged_inverted_cdf")),
    "binned to numbers": make_pipeline(
        SimpleImputer(), KBinsDiscretizer(4, encode="ordinal", strategy="uniform"), StandardScaler()
    ),
    "quantiles": make_pipeline(QuantileTransformer(n_quantiles=20), SimpleImputer()),
    "power of Yeo and Johnson": make_pipeline(PowerTransformer(), SimpleImputer()),
    "power of Box and Cox": make_pipeline(
        SimpleImputer(), FunctionTransformer(np.exp), PowerTransformer("box-cox", standardize=False)
    ),
    "logarithm": make_pipeline(SimpleImputer(), FunctionTransformer(np.log1p), StandardScaler()),
    "binarised": make_pipeline(SimpleImputer(), Binarizer(threshold=20.0)),
    "quantiles of a normal distribution": make_pipeline(
        QuantileTransformer(n_quantiles=20, output_distribution="normal"), SimpleImputer()
    ),
    "inverse hyperbolic sine": make_pipeline(SimpleImputer(), FunctionTransformer(np.arcsinh)),
    "cube root": make_pipeline(SimpleImputer(), FunctionTransformer(np.cbrt)),
    "side by side": FeatureUnion(
        [("filled", SimpleImputer()), ("missing", MissingIndicator(error_on_new=False))],
        transformer_weights={"missing": 3.0},
    ),
}

TEXTUAL: dict[str, Any] = {
    "first dropped": OneHotEncoder(drop="first", handle_unknown="ignore"),
    "unknown refused": OneHotEncoder(drop="if_binary", handle_unknown="error"),
    "infrequent": OneHotEncoder(min_frequency=0.08, handle_unknown="infrequent_if_exist"),
    "few": OneHotEncoder(max_categories=3, handle_unknown="warn", sparse_output=False),
    "filled with the commonest": make_pipeline(
        SimpleImputer(strategy="most_frequent", missing_values=None), OneHotEncoder(handle_unknown="ignore")
    ),
    "filled with a word": make_pipeline(
        SimpleImputer(strategy="constant", fill_value="gone", missing_values=None),
        OneHotEncoder(handle_unknown="error"),
    ),
    "ordinal": OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2),
    "target": make_pipeline(TargetEncoder(), StandardScaler()),
}


def _pipeline(numbers: Any = "passthrough", texts: Any = None, last: Any = None) -> Pipeline:
    texts = OneHotEncoder(handle_unknown="ignore", sparse_output=False) if texts is None else texts
    both = ColumnTransformer([("n", numbers, NUMBERS), ("t", texts, TEXTS)], sparse_threshold=0)
    return make_pipeline(both, HistGradientBoostingClassifier(max_iter=5) if last is None else last)


@pytest.mark.parametrize("numbers", NUMERIC.values(), ids=NUMERIC)
def test_numbers_are_transformed_as_the_pipeline_does_it(numbers: Any) -> None:
    found = proven(fitted(_pipeline(numbers)))
    assert (found.decisions_differing, found.scores_differing) == (0, 0)
    assert found.adversarial_rows > 100


@pytest.mark.parametrize("texts", TEXTUAL.values(), ids=TEXTUAL)
def test_categories_are_encoded_as_the_pipeline_does_it(texts: Any) -> None:
    found = proven(fitted(_pipeline(texts=texts)))
    assert (found.decisions_differing, found.scores_differing) == (0, 0)


def test_one_hot_encoded_numbers_and_selected_columns_are_compiled() -> None:
    spread = _pipeline(make_pipeline(SimpleImputer(), OneHotEncoder(handle_unknown="ignore", sparse_output=False)))
    assert proven(fitted(spread)).scores_differing == 0
    for chosen in (SelectKBest(k=4), VarianceThreshold(0.05)):
        steps = _pipeline(SimpleImputer(), last=make_pipeline(chosen, LogisticRegression(max_iter=3000)))
        assert proven(fitted(steps)).decisions_differing == 0


def test_inputs_that_are_dropped_are_taken_and_left_aside() -> None:
    both = ColumnTransformer([("t", OneHotEncoder(), TEXTS), ("d", "drop", ["age"])], remainder="passthrough")
    model = fitted(make_pipeline(both, HistGradientBoostingClassifier(max_iter=5)))
    encodings, *_ = extract(model, INPUTS)
    assert [encoding.column.name for encoding in encodings if encoding.unread] == ["age"]
    assert proven(model).scores_differing == 0


@pytest.mark.parametrize(
    ("numbers", "named"),
    [(FunctionTransformer(np.arctan), "FunctionTransformer of arctan"), (KNNImputer(), "KNNImputer"),
     (RBFSampler(n_components=3), "RBFSampler")],
    ids=str,
)  # fmt: skip
def test_what_is_not_known_exactly_is_refused_by_name(numbers: Any, named: str) -> None:
    model = fitted(_pipeline(make_pipeline(SimpleImputer(), numbers)))
    with pytest.raises(ValueError, match=f"cannot compile (a )?{named}"):
        extract(model, INPUTS)
