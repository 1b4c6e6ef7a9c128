"""Classifiers whose log-odds are a sum over columns decide alike once compiled."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.compose import ColumnTransformer
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.impute import SimpleImputer
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler
from tests.adapters.sklearn.reading.models import NUMBERS, TEXTS, fitted, proven


def _scaled(last: Any) -> Pipeline:
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    texts = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return make_pipeline(ColumnTransformer([("n", numbers, NUMBERS), ("t", texts, TEXTS)]), last)


EACH = {
    "linear discriminant": _scaled(LinearDiscriminantAnalysis()),
    "naive Bayes": _scaled(GaussianNB()),
    "naive Bayes of counts": _scaled(make_pipeline(MinMaxScaler(clip=True), MultinomialNB())),
    "naive Bayes of signs": _scaled(BernoulliNB()),
}


@pytest.mark.parametrize("model", EACH.values(), ids=EACH)
def test_sums_over_columns_differ_in_no_decision(model: Any) -> None:
    found = proven(fitted(model))
    assert found.decisions_differing == 0
    assert found.largest_score_difference < 1e-14
