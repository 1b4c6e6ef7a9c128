"""Transformers that make one column of several, or several of one, are compiled: to the last bit where nothing sums."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import Normalizer, OneHotEncoder, PolynomialFeatures, SplineTransformer, StandardScaler
from tests.adapters.sklearn.reading.models import INPUTS, NUMBERS, TEXTS, fitted, proven

from muster.adapters.sklearn.extract import extract
from muster.adapters.sklearn.reading.several import SEVERAL
from muster.adapters.sklearn.reading.track import Track
from muster.columns.forms import Members

BEFORE_TREES: dict[str, Any] = {
    "splines, missing ones too": SplineTransformer(handle_missing="zeros"),
    "splines that go on straight": make_pipeline(
        SimpleImputer(), SplineTransformer(extrapolation="linear", knots="quantile", include_bias=False)
    ),
    "splines that come again": make_pipeline(SimpleImputer(), SplineTransformer(degree=2, extrapolation="periodic")),
    "polynomials": make_pipeline(SimpleImputer(), PolynomialFeatures((2, 3), include_bias=False)),
    "components, scaled, and their products": make_pipeline(
        SimpleImputer(), StandardScaler(), PCA(2, whiten=True), StandardScaler(), PolynomialFeatures(2)
    ),
    "shares of a whole": make_pipeline(SimpleImputer(), Normalizer()),
}


def _spread(numbers: Any) -> ColumnTransformer:
    texts = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer([("n", numbers, NUMBERS), ("t", texts, TEXTS)], sparse_threshold=0)


@pytest.mark.parametrize("numbers", BEFORE_TREES.values(), ids=BEFORE_TREES)
def test_trees_over_them_differ_in_no_bit(numbers: Any) -> None:
    found = proven(fitted(make_pipeline(_spread(numbers), HistGradientBoostingClassifier(max_iter=5))))
    assert (found.decisions_differing, found.scores_differing) == (0, 0)
    assert found.adversarial_rows > 100


def test_trees_that_round_sums_to_single_precision_differ_in_no_bit_but_at_a_threshold() -> None:
    numbers = make_pipeline(SimpleImputer(), StandardScaler(), PCA(2))
    found = proven(fitted(make_pipeline(_spread(numbers), RandomForestClassifier(3, random_state=0))))
    assert (found.decisions_differing, found.scores_differing) == (0, 0)
    assert found.adversarial_rows > 300


def test_components_of_everything_decide_alike() -> None:
    spread = _spread(make_pipeline(SimpleImputer(), StandardScaler()))
    for reduced in (
        TruncatedSVD(4),
        FeatureUnion([("components", PCA(2, svd_solver="arpack")), ("best", SelectKBest(k=3))]),
    ):
        model = fitted(make_pipeline(spread, reduced, LogisticRegression(max_iter=3000)))
        found = proven(model)
        assert (found.decisions_differing, found.largest_score_difference < 1e-14) == (0, True)
        _, form, mixes = extract(model, INPUTS)
        assert isinstance(form, Members)  # the columns that only the mix reads stand beside those of the model
        assert [mix.op for mix in mixes] == ["project"]


def test_what_would_be_too_large_or_other_than_the_library_is_refused() -> None:
    tracks = [Track(str(at), nullable=False) for at in range(200)]
    rows = np.random.default_rng(0).normal(size=(300, 200))
    for part, what in (
        (PolynomialFeatures(2), "PolynomialFeatures of 20,301 columns"),
        (PCA(2), "PCA of float32"),
        (SplineTransformer(degree=0), "SplineTransformer of degree 0"),
    ):
        part.fit(rows.astype(np.float32))
        with pytest.raises(ValueError, match=f"cannot compile (a )?{what}"):
            SEVERAL[type(part)](part, tracks)
