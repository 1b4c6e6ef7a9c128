"""Artifacts are read by what their first bytes say they are."""

from __future__ import annotations

import pytest

from muster.adapters.sandbox.original import OriginalModel
from muster.columns.original.container import GRAPH, contain
from muster.records.canonical import digest
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, Manifest, ModelFormat, Reading, Recipe
from muster.wiring.carried.models import read_apart, read_model


@pytest.mark.parametrize(
    ("raw", "what"), [(b"PK\x03\x04", "no readable container"), (b"\x08\x0a", "does not load|plan")]
)
def test_bytes_of_neither_kind_are_refused(raw: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        read_model(raw)


def test_an_original_whose_worker_does_not_start_is_not_tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"no pickle"
    manifest = Manifest(
        Recipe("neighbours", ("debt",), "default", 1, {}),
        DecisionRule(0.3, Favourable.BELOW),
        (Column("debt", ColumnType.NUMBER),),
        {"model.pkl": digest(raw)},
        ModelFormat.PICKLE,
        Reading(1),
    )
    artifact = contain(manifest, {"model.pkl": raw})
    with pytest.raises(OSError, match="does not take it up: .*; it is tried again in 15 s"):
        read_model(artifact)
    monkeypatch.setattr(OriginalModel, "load", lambda _: pytest.fail("it was started at once"))
    with pytest.raises(OSError, match="tried again in 1[45] s"):
        read_model(artifact)


def test_where_keys_are_a_graph_of_others_goes_to_a_worker_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OriginalModel, "load", lambda raw: raw)
    assert read_apart(GRAPH + b"PK\x03\x04 a graph") == b"PK\x03\x04 a graph"
