"""A graph's manifest knows the model that it was made from."""

from __future__ import annotations

from dataclasses import replace

from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, MadeFrom, Manifest, ModelFormat, Reading, Recipe

GRAPH = Manifest(
    Recipe("given", ("income",), "late", 1, {}),
    DecisionRule(0.5, Favourable.BELOW),
    (Column("income", ColumnType.NUMBER),),
    {"model.onnx": "sha256:" + "1" * 64},
    ModelFormat.ONNX,
    Reading(1, "probabilities"),
)


def test_a_graph_without_an_original_has_no_source() -> None:
    assert GRAPH.source is None
    assert replace(GRAPH, reading=None, made_from=MadeFrom(ModelFormat.PICKLE, {})).source is None


def test_a_source_has_the_inputs_and_the_rule_of_its_graph() -> None:
    made = MadeFrom(ModelFormat.PICKLE, {"model.pkl": "sha256:" + "2" * 64})
    source = replace(GRAPH, made_from=made).source
    assert source is not None
    assert (source.files, source.format, source.made_from) == (made.files, made.format, None)
    assert (source.inputs, source.decision, source.recipe) == (GRAPH.inputs, GRAPH.decision, GRAPH.recipe)
    assert source.reading == Reading(1)
