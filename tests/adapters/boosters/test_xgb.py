"""XGBoost: what is trained comes back from its bytes, its trees are read exactly, and the rest is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xgboost
from tests.adapters.boosters.rows import at_the_edges, categorical, learnt, of_any_code, wider

from muster.adapters.boosters.learners import settled
from muster.adapters.boosters.xgb import XgbModel, _largest_below, fit

MATRIX, LABELS = learnt()


def trained(**more: Any) -> tuple[XgbModel, bytes]:
    return fit(MATRIX, LABELS, settled("xgboost", {"n_estimators": 20, "max_depth": 4, **more}), 7)


def logit(scores: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.log(scores) - np.log1p(-scores)


def test_the_same_seed_gives_the_same_bytes_and_they_score_alike() -> None:
    model, raw = trained(subsample=0.7)
    assert trained(subsample=0.7)[1] == raw
    again = XgbModel.load(raw)
    assert again.probabilities(MATRIX).tobytes() == model.probabilities(MATRIX).tobytes()
    assert (again.width, again.names) == (4, ())


def test_every_row_reaches_the_leaves_that_xgboost_takes_it_to() -> None:
    """Single precision, ``less than``, and missing values: also at each threshold and one step beside it."""
    model, _ = trained()
    form, _ = model.form()
    rows = np.concatenate([MATRIX, at_the_edges(form, MATRIX)])
    leaves = model._booster.predict(xgboost.DMatrix(rows), pred_leaf=True)
    for place, tree in enumerate(form.trees):
        mine = np.zeros(len(rows), np.int64)
        for node, reached in enumerate(tree.reach(rows)):
            if tree.leaf[node]:
                mine[reached] = node
        assert (mine == leaves[:, place]).all()
    assert np.abs(form.margins(rows) - logit(model.probabilities(rows))).max() < 2e-6


def test_the_bound_is_the_last_number_that_single_precision_puts_below() -> None:
    thresholds = np.array([0.1, 1.0, 2.0**-149, -3.5, 3e38, 0.0, 1 + 2**-23], np.float32)
    for bound, threshold in zip(_largest_below(thresholds), thresholds, strict=True):
        assert np.float32(bound) < threshold
        assert not np.float32(np.nextafter(bound, np.inf)) < threshold


def test_numbers_beyond_single_precision_go_where_infinity_would() -> None:
    model, _ = trained()
    far = np.array([[1e300, -1e300, 1.0, 0.0]])
    near = np.array([[3.4e38, -3.4e38, 1.0, 0.0]])
    assert model.probabilities(far).tobytes() == model.probabilities(near).tobytes()


def test_a_booster_that_scikit_learn_stopped_early_is_read_as_scikit_learn_reads_it(tmp_path: Path) -> None:
    held = learnt(seed=9)
    classifier = xgboost.XGBClassifier(n_estimators=60, learning_rate=0.9, early_stopping_rounds=3, n_jobs=1)
    classifier.fit(MATRIX, LABELS, eval_set=[held], verbose=False)
    assert classifier.best_iteration < classifier.get_booster().num_boosted_rounds() - 1
    for name in ("model.json", "model.ubj"):
        classifier.save_model(tmp_path / name)
        model = XgbModel.load((tmp_path / name).read_bytes())
        wanted = classifier.predict_proba(MATRIX)[:, 1]
        assert model.probabilities(MATRIX) == pytest.approx(wanted.astype(np.float64), abs=0)
        assert len(model.form()[0].trees) == classifier.best_iteration + 1


def test_names_of_columns_are_known() -> None:
    data = xgboost.DMatrix(MATRIX, LABELS, feature_names=["a", "b", "c", "d"])
    raw = bytes(xgboost.train({"objective": "binary:logistic"}, data, 2).save_raw("json"))
    assert XgbModel.load(raw).names == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\x80\x04cposix\nsystem\n.", "not XGBoost's UBJSON or JSON"),
        (b"{}", "XGBoost does not read the model"),
        (b"{L\x00\x00", "XGBoost does not read the model"),
    ],
)
def test_other_bytes_are_refused(raw: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        XgbModel.load(raw)


def test_a_model_that_gives_no_probability_is_refused() -> None:
    other = xgboost.train({"objective": "binary:hinge"}, xgboost.DMatrix(MATRIX, LABELS), 1)
    with pytest.raises(ValueError, match=r"objective is 'binary:hinge'.*measures binary:logistic"):
        XgbModel.load(bytes(other.save_raw("json")))


@pytest.mark.parametrize("onehot", [1, 64])
def test_native_categories_are_sets(onehot: int) -> None:
    """Of codes, of fractions that are cut off to one, of what is negative, too large or missing."""
    matrix, labels = categorical()
    data = xgboost.DMatrix(matrix, labels, feature_types=["c", "q"], enable_categorical=True)
    model = XgbModel(xgboost.train({"objective": "binary:logistic", "max_cat_to_onehot": onehot}, data, 8))
    form, extras = model.form()
    assert extras
    rows = of_any_code(matrix)
    assert np.abs(form.margins(wider(rows, extras)) - logit(model.probabilities(rows))).max() < 2e-6


def test_what_is_more_than_plain_trees_is_scored_and_not_compiled() -> None:
    plain = xgboost.DMatrix(MATRIX, LABELS)
    linear = XgbModel(xgboost.train({"objective": "binary:logistic", "booster": "dart"}, plain, 1))
    assert linear.probabilities(MATRIX).shape == (len(MATRIX),)
    with pytest.raises(ValueError, match="cannot compile XGBoost's dart"):
        linear.form()


def test_a_parameter_that_the_library_refuses_is_said_in_its_words() -> None:
    with pytest.raises(ValueError, match=r"^XGBoost does not train: .*learning_rate|eta"):
        trained(learning_rate=-1.0)


def test_the_base_score_counts_as_log_odds() -> None:
    raw = json.loads(bytes(trained()[0]._booster.save_raw("json")))
    raw["learner"]["learner_model_param"]["base_score"] = "[2.5E-1]"
    model = XgbModel.load(json.dumps(raw).encode())
    assert model.form()[0].baseline == pytest.approx(np.log(1 / 3), abs=1e-7)
    assert np.abs(model.form()[0].margins(MATRIX) - logit(model.probabilities(MATRIX))).max() < 2e-6
