"""LightGBM: what is trained comes back from its bytes, its trees are read to the last bit, and the rest is refused."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import pytest
from tests.adapters.boosters.rows import at_the_edges, categorical, learnt, of_any_code, wider

from muster.adapters.boosters.learners import settled
from muster.adapters.boosters.lgbm import LgbmModel, fit

MATRIX, LABELS = learnt()
QUIET = {"objective": "binary", "verbose": -1, "num_threads": 1}


def booster(rounds: int = 8, labels: Any = LABELS, **parameters: Any) -> LgbmModel:
    data = lightgbm.Dataset(MATRIX, labels, params={"verbose": -1, **parameters})
    return LgbmModel(lightgbm.train({**QUIET, **parameters}, data, rounds))


def test_the_same_seed_gives_the_same_bytes_and_they_score_alike() -> None:
    asked = settled("lightgbm", {"n_estimators": 10, "subsample": 0.7})
    model, raw = fit(MATRIX, LABELS, asked, 3)
    assert fit(MATRIX, LABELS, asked, 3)[1] == raw
    assert fit(MATRIX, LABELS, settled("lightgbm", {"n_estimators": 10}), 3)[1] != raw
    again = LgbmModel.load(raw)
    assert again.probabilities(MATRIX).tobytes() == model.probabilities(MATRIX).tobytes()
    assert (again.width, again.names) == (4, ())


@pytest.mark.parametrize("missing", [{}, {"zero_as_missing": True}, {"use_missing": False}])
def test_margins_are_lightgbms_to_the_last_bit(missing: dict[str, Any]) -> None:
    """Whatever counts as missing, also at each threshold, one step beside it, and around zero."""
    model = booster(**missing)
    form, _ = model.form()
    rows = np.concatenate([MATRIX, at_the_edges(form, MATRIX)])
    assert form.margins(rows).tobytes() == model._booster.predict(rows, raw_score=True).tobytes()
    assert np.abs(1 / (1 + np.exp(-form.margins(rows))) - model.probabilities(rows)).max() < 1e-15


def test_names_of_columns_are_known() -> None:
    data = lightgbm.Dataset(MATRIX, LABELS, feature_name=["a", "b", "c", "d"])
    raw = lightgbm.train(QUIET, data, 2).model_to_string().encode()
    assert LgbmModel.load(raw).names == ("a", "b", "c", "d")


def test_a_tree_without_a_split_is_its_leaf() -> None:
    model = booster(rounds=2, min_data_in_leaf=5000)
    assert model.form()[0].margins(MATRIX[:3]).tobytes() == model._booster.predict(MATRIX[:3], raw_score=True).tobytes()


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "random forest"),
        ({"linear_tree": True}, "linear models in its leaves"),
        ({"sigmoid": 2.0}, "only 'binary sigmoid:1'"),
    ],
)
def test_what_is_more_than_plain_trees_is_scored_and_not_compiled(parameters: dict[str, Any], said: str) -> None:
    model = booster(**parameters)
    assert model.probabilities(MATRIX).shape == (len(MATRIX),)
    with pytest.raises(ValueError, match=said):
        model.form()


@pytest.mark.parametrize(
    "options", [{}, {"max_cat_to_onehot": 64, "min_data_in_leaf": 3}, {"use_missing": False}, {"zero_as_missing": True}]
)
def test_native_categories_are_sets_to_the_last_bit(options: dict[str, Any]) -> None:
    """Of codes, of fractions that are cut off to one, of what is negative, too large or missing."""
    matrix, labels = categorical()
    asked = {**QUIET, "min_data_per_group": 5, "cat_smooth": 1.0, **options}
    data = lightgbm.Dataset(matrix, labels, categorical_feature=[0], params={"verbose": -1, **options})
    model = LgbmModel(lightgbm.train(asked, data, 12))
    form, extras = model.form()
    assert extras
    rows = of_any_code(matrix)
    assert form.margins(wider(rows, extras)).tobytes() == model._booster.predict(rows, raw_score=True).tobytes()


def test_a_model_that_gives_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match=r"objective is 'regression'.*measures binary"):
        booster(rounds=1, objective="regression")


@pytest.mark.parametrize(
    ("raw", "said"),
    [(b"\x80\x04.", "not LightGBM's text format"), (b"tree\nversion=v4\n", "does not read the model")],
)
def test_other_bytes_are_refused(raw: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        LgbmModel.load(raw)


def test_a_parameter_that_the_library_refuses_is_said_in_its_words() -> None:
    with pytest.raises(ValueError, match="LightGBM does not train: .*num_leaves"):
        fit(MATRIX, LABELS, settled("lightgbm", {"num_leaves": -3}), 0)
