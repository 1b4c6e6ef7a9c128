"""A model that its own library runs answers over the wire what it answers at home, and refuses as any other does."""

from __future__ import annotations

import pickle  # noqa: TID251 - a model file is written here; only the worker loads it, by the list
from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from muster.adapters.sandbox.original import OriginalModel
from muster.columns.original.container import contain
from muster.records.canonical import digest
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, Manifest, ModelFormat, Reading, Recipe

ROWS = np.random.default_rng(0).normal(size=(60, 2))
MODEL = KNeighborsClassifier().fit(ROWS, (ROWS.sum(axis=1) > 0).astype(int))
RAW = pickle.dumps(MODEL)
MANIFEST = Manifest(
    Recipe("neighbours", ("debt", "age"), "default", 1, {}),
    DecisionRule(0.3, Favourable.BELOW),
    (Column("debt", ColumnType.NUMBER, nullable=True), Column("age", ColumnType.NUMBER)),
    {"model.pkl": digest(RAW)},
    ModelFormat.PICKLE,
    Reading(1),
)


@pytest.fixture(scope="module")
def model() -> Iterator[OriginalModel]:
    """The model in a worker behind real walls."""
    made = OriginalModel.load(contain(MANIFEST, {"model.pkl": RAW}))
    yield made
    made.worker.close()


def test_it_answers_what_the_library_answers(model: OriginalModel) -> None:
    encoded = model.encoder("refuse").encode({"debt": ROWS[:, 0], "age": ROWS[:, 1]})
    assert model.answers(encoded.table).tobytes() == encoded.scores.tobytes()
    assert model.scores(encoded).tobytes() == np.ascontiguousarray(MODEL.predict_proba(ROWS)[:, 1]).tobytes()
    assert model.encoder("refuse").encode({"debt": [], "age": []}).scores.shape == (0,)
    assert model.plan.columns == MANIFEST.inputs


def test_what_it_does_not_take_is_refused_by_row_and_never_by_value(model: OriginalModel) -> None:
    encoder = model.encoder("refuse")
    with pytest.raises(ValueError, match="row 1: the model does not score it"):
        encoder.encode({"debt": [0.5, None], "age": [1.0, 2.0]})
    with pytest.raises(ValueError, match="column 'age', row 0: expected a number, got str"):
        encoder.encode({"debt": [0.5], "age": ["x"]})


def test_its_worker_is_kept_from_network_files_and_processes(model: OriginalModel) -> None:
    assert model.worker.walls["network"] == "denied by seccomp"
    assert model.worker.walls["processes"] == "denied by seccomp"
