"""Trees are read as they decide, to the bit: their thresholds, missing directions and sets of categories."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from muster.adapters.sklearn.reading.track import Track
from muster.adapters.sklearn.reading.trees import averaged, boosted, histogram

ROWS = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32).astype(np.float64)
LABELS = (ROWS[:, 0] * ROWS[:, 1] > 0).astype(int)


def test_a_forest_adds_up_the_shares_of_its_leaves() -> None:
    model = RandomForestClassifier(3, random_state=0).fit(ROWS, LABELS)
    margins = averaged(model.estimators_, [1] * 3).margins(ROWS)
    assert (margins / 3).tobytes() == np.ascontiguousarray(model.predict_proba(ROWS)[:, 1]).tobytes()


def test_gradient_boosting_begins_at_the_share_of_the_data() -> None:
    model = GradientBoostingClassifier(n_estimators=3).fit(ROWS, LABELS)
    assert boosted(model).margins(ROWS).tobytes() == model.decision_function(ROWS).tobytes()
    begun = GradientBoostingClassifier(n_estimators=2, init=LogisticRegression()).fit(ROWS, LABELS)
    with pytest.raises(ValueError, match="starts from LogisticRegression"):
        boosted(begun)


def test_each_set_of_categories_becomes_a_column_of_its_own() -> None:
    codes = np.random.default_rng(0).integers(0, 9, (300, 1)).astype(np.float64)
    model = HistGradientBoostingClassifier(categorical_features=[0], max_iter=2, min_samples_leaf=2)
    model.fit(codes, np.isin(codes[:, 0], [1, 4, 7]).astype(int))
    tracks, trees = histogram(model, [Track("code", nullable=False)])
    assert len(tracks) > 1
    assert all((tree.feature[~tree.leaf] > 0).all() for tree in trees.trees)
