"""Every learner becomes a model whose files score as it does, and what cannot be trained says why."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.wiring.test_tasks import COLUMNS, RULE, TRAINING, VALIDATION

from muster.columns.tables import from_parquet
from muster.records.canonical import digest
from muster.records.model import Manifest, ModelFormat, Recipe
from muster.wiring.inside.fitting import fitted, settled
from muster.wiring.inside.models import opened

LEARNERS: dict[str, tuple[ModelFormat, dict[str, object]]] = {
    "logistic-regression": (ModelFormat.SKOPS, {}),
    "gradient-boosting": (ModelFormat.SKOPS, {"max_iter": 4}),
    "xgboost": (ModelFormat.XGBOOST, {"n_estimators": 8}),
    "lightgbm": (ModelFormat.LIGHTGBM, {"n_estimators": 8}),
}


def recipe(learner: str, **parameters: object) -> Recipe:
    return Recipe(learner, ("home", "income"), "default", 1, parameters, seed=3)


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_files_score_as_the_model_did(learner: str) -> None:
    table, held = from_parquet(TRAINING), from_parquet(VALIDATION)
    wanted, parameters = LEARNERS[learner]
    asked = recipe(learner, **parameters)
    made = fitted(table, asked, COLUMNS)
    assert made.format is wanted
    assert made.files == fitted(table, asked, COLUMNS).files, "the same seed gives the same bytes"
    named = {name: digest(content) for name, content in made.files.items()}
    manifest = Manifest(asked, RULE, made.inputs, named, made.format)
    again = opened(manifest, lambda name: made.files[name], lambda _: None)
    assert again.scores(held).tobytes() == made.scores(held).tobytes()
    strange = held.set_column(held.column_names.index("home"), "home", pa.array(["castle"] * len(held)))
    assert again.scores(strange).shape == (len(held),)


def test_a_learner_or_parameter_that_is_not_known_is_named_with_those_that_are() -> None:
    table = from_parquet(TRAINING)
    with pytest.raises(ValueError, match="unknown learner 'tea': known are logistic-regression, .* xgboost, lightgbm"):
        fitted(table, recipe("tea"), COLUMNS)
    with pytest.raises(ValueError, match="learner 'xgboost' has no parameter leaves"):
        settled(recipe("xgboost", leaves=3))
    assert settled(recipe("lightgbm", num_leaves=7))["num_leaves"] == 7
