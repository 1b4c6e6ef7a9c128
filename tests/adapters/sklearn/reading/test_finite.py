"""Encoders are asked what they do with each value that they tell apart, and with one that they do not."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

from muster.adapters.sklearn.reading.finite import filled, told_apart
from muster.adapters.sklearn.reading.track import REFUSED, Grow, Track, begun
from muster.columns.encoding.steps import run
from muster.records.data import Column, ColumnType

HOME = Column("home", ColumnType.CATEGORY)


def test_texts_that_an_encoder_knows_must_be_known_first() -> None:
    encoder = OneHotEncoder().fit(np.array([["own"], ["rent"]], object))
    with pytest.raises(Grow) as grown:
        told_apart(encoder, [begun(HOME, ())], [2])
    assert grown.value.args == ("home", ["own", "rent"])
    first, _ = told_apart(encoder, [begun(HOME, ["own", "rent"])], [2])
    assert first.table == (1.0, 0.0, REFUSED, REFUSED)


def test_numbers_that_are_categories_become_what_the_encoder_says() -> None:
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit([[5.0], [9.0]])
    (made,) = told_apart(encoder, [Track("rooms", nullable=False)], [1])
    values = np.array([9.0, 5.0, 7.0])
    for step in made.steps:
        values = run(step, values)
    assert values.tolist() == [1.0, 0.0, -1.0]


def test_an_imputer_of_texts_is_asked_too() -> None:
    imputer = SimpleImputer(strategy="most_frequent", missing_values=None).fit(
        np.array([["own"], ["own"], [None]], object)
    )
    made = filled(imputer, begun(HOME, ["own"]), 0, 1)
    assert made.table is not None
    assert made.table[:2] == ("own", "own")
    with pytest.raises(ValueError, match="which holds numbers"):
        filled(imputer, Track("debt", nullable=True), 0, 1)
