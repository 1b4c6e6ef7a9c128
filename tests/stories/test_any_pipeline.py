"""Whatever pipeline is put together, its compiled form makes the matrix and decides as the pipeline does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.tree import DecisionTreeClassifier
from tests.adapters.sklearn.reading.models import INPUTS, NUMBERS, TEXTS, fitted, proven, rows

from muster.adapters.sklearn.extract import extract
from muster.adapters.sklearn.frame import frame, rows_of
from muster.columns.encoder import Encoder

SCALERS = st.sampled_from(
    [StandardScaler(), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), FunctionTransformer(np.log1p),
     FunctionTransformer(np.sqrt), Binarizer(threshold=9.5), KBinsDiscretizer(3, encode="ordinal", strategy="uniform"),
     KBinsDiscretizer(3, encode="onehot-dense", strategy="uniform"), QuantileTransformer(n_quantiles=11), "passthrough"]
)  # fmt: skip
IMPUTERS = st.builds(
    SimpleImputer,
    strategy=st.sampled_from(["mean", "median", "most_frequent", "constant"]),
    add_indicator=st.booleans(),
)
TEXTUAL = st.one_of(
    st.builds(
        OneHotEncoder,
        drop=st.sampled_from([None, "first", "if_binary"]),
        min_frequency=st.sampled_from([None, 0.07, 30]),
        handle_unknown=st.sampled_from(["ignore", "infrequent_if_exist"]),
        sparse_output=st.just(value=False),
    ),
    st.builds(
        OrdinalEncoder,
        handle_unknown=st.just("use_encoded_value"),
        unknown_value=st.sampled_from([-1, 99]),
        encoded_missing_value=st.sampled_from([-2, -1]),
        min_frequency=st.sampled_from([None, 0.07]),
    ),
)


@st.composite
def before(draw: Any) -> ColumnTransformer:
    """Draw what stands before a classifier: any number of steps over numbers, any encoder of texts, in any order."""
    steps = [draw(IMPUTERS), draw(SCALERS), draw(st.sampled_from([StandardScaler(), "passthrough", MinMaxScaler()]))]
    parts = [("n", make_pipeline(*steps), draw(st.permutations(NUMBERS))), ("t", draw(TEXTUAL), TEXTS)]
    return ColumnTransformer(draw(st.permutations(parts)), sparse_threshold=0)


@given(before())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.filterwarnings("ignore")
def test_the_matrix_is_that_of_the_pipeline_to_the_bit(columns: ColumnTransformer) -> None:
    model: Pipeline = fitted(make_pipeline(columns, LogisticRegression(max_iter=20)))
    table = rows(200, seed=9)[0]
    encodings, *_ = extract(model, INPUTS)
    wanted = np.asarray(model[0].transform(frame(table, INPUTS)), np.float64)
    made = Encoder(encodings, unknown="unknown").encode(rows_of(table, INPUTS))
    np.testing.assert_array_equal(made, wanted)


@given(before(), st.integers(1, 6))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.filterwarnings("ignore")
def test_a_tree_over_it_differs_in_no_bit_on_adversarial_rows(columns: ColumnTransformer, depth: int) -> None:
    found = proven(fitted(make_pipeline(columns, DecisionTreeClassifier(max_depth=depth, random_state=0))), count=60)
    assert (found.decisions_differing, found.scores_differing) == (0, 0)
