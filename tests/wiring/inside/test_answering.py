"""The process that answers opens only what a container binds, and never says a value."""

from __future__ import annotations

import pickle  # noqa: TID251 - a model file is written here; only the worker loads it, by the list
import struct
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression

from muster.adapters.sandbox.frames import REFUSED, SCORES
from muster.columns.original.container import contain
from muster.columns.original.passing import to_wire
from muster.records.canonical import digest
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, Manifest, ModelFormat, Reading, Recipe
from muster.wiring.inside.answering import opened

ROWS = np.random.default_rng(0).normal(size=(60, 1))
MODEL = LogisticRegression().fit(ROWS, (ROWS[:, 0] > 0).astype(int))
RAW = pickle.dumps(MODEL)
MANIFEST = Manifest(
    Recipe("any", ("debt",), "default", 1, {}),
    DecisionRule(0.3, Favourable.BELOW),
    (Column("debt", ColumnType.NUMBER, nullable=True),),
    {"model.pkl": digest(RAW)},
    ModelFormat.PICKLE,
    Reading(1),
)


def test_rows_are_scored_by_the_library_itself() -> None:
    kind, content = opened(contain(MANIFEST, {"model.pkl": RAW}))(to_wire(pa.table({"debt": ROWS[:, 0]})))
    assert (kind, content) == (SCORES, np.ascontiguousarray(MODEL.predict_proba(ROWS)[:, 1]).tobytes())


def test_a_row_that_the_model_refuses_is_named_by_its_number_alone() -> None:
    answer = opened(contain(MANIFEST, {"model.pkl": RAW}))
    assert answer(to_wire(pa.table({"debt": [1.0, None, 2.0]}))) == (REFUSED, struct.pack("<q", 1))


def test_a_pickle_that_names_what_is_not_on_the_list_is_not_loaded() -> None:
    hostile = b"cos\nsystem\n(S'true'\ntR."
    named = replace(MANIFEST, files={"model.pkl": digest(hostile)})
    with pytest.raises(PermissionError, match=r"os\.system"):
        opened(contain(named, {"model.pkl": hostile}))
