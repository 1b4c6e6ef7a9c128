"""Parts one after the other and side by side give the columns of the pipeline in its order."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

from muster.adapters.sklearn.reading.pipelines import through
from muster.adapters.sklearn.reading.track import Track

ROWS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]])
TRACKS = [Track(name, nullable=False) for name in ("a", "b", "c")]


def test_nested_parts_keep_their_order() -> None:
    inner = ColumnTransformer([("x", StandardScaler(), [1])], remainder="passthrough")
    part = ColumnTransformer([("last", MaxAbsScaler(), [2]), ("inner", make_pipeline(inner), slice(0, 2))]).fit(ROWS)
    assert [track.source for track in through(part, TRACKS)] == ["c", "b", "a"]
    both = FeatureUnion([("x", "passthrough"), ("y", "drop"), ("z", MaxAbsScaler())]).fit(ROWS)
    assert [track.source for track in through(both, TRACKS)] == ["a", "b", "c"] * 2


def test_another_number_of_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="reads 3 columns and is given 2"):
        through(StandardScaler().fit(ROWS), TRACKS[:2])
