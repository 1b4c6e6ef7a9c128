"""Graphs that others exported score as they say, whatever their inputs and outputs look like; misfits are named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from tests.adapters.graphs.exported import classifier, expected, joined, model, named, port, zipped

from muster.adapters.graphs.given import GivenGraph
from muster.records.data import Column, ColumnType

A, B = Column("a", ColumnType.NUMBER), Column("b", ColumnType.INTEGER)
ROWS = {"a": np.array([0.5, -1.0, 2.0]), "b": np.array([1.0, 0.0, 3.0])}


@pytest.mark.parametrize("raw", [joined(), zipped(), named()], ids=["joined", "zipped", "named"])
def test_the_probability_of_the_positive_class_is_found(raw: bytes) -> None:
    wanted = expected(ROWS["a"], ROWS["b"])
    assert GivenGraph(raw, (A, B), 1).probabilities(ROWS) == pytest.approx(wanted, abs=1e-6)
    assert GivenGraph(raw, (A, B), 0).probabilities(ROWS) == pytest.approx(1 - wanted, abs=1e-6)


@pytest.mark.parametrize("export", [joined, zipped])
def test_classes_by_name_are_known(export: Any) -> None:
    raw = export(("bad", "good"))
    wanted = expected(ROWS["a"], ROWS["b"])
    assert GivenGraph(raw, (A, B), "good").probabilities(ROWS) == pytest.approx(wanted, abs=1e-6)
    assert GivenGraph(raw, (A, B), "bad").probabilities(ROWS) == pytest.approx(1 - wanted, abs=1e-6)
    with pytest.raises(ValueError, match="'bad', 'good'; the positive value 'other' is none"):
        GivenGraph(raw, (A, B), "other").probabilities(ROWS)


def test_columns_come_in_the_declared_order() -> None:
    wanted = expected(ROWS["b"], ROWS["a"])
    assert GivenGraph(joined(), (B, A), 1).probabilities(ROWS) == pytest.approx(wanted, abs=1e-6)
    assert GivenGraph(named(), (B, A), 1).probabilities(ROWS) == pytest.approx(expected(ROWS["a"], ROWS["b"]), abs=1e-6)


def test_text_is_taken_as_text() -> None:
    encoder = helper.make_node(
        "LabelEncoder", ["home"], ["X"], domain="ai.onnx.ml", keys_strings=["own", "rent"], values_floats=[0.2, 0.9]
    )
    raw = model([encoder], [port("home", [None, 1], TensorProto.STRING)], [port("X", [None, 1])])
    graph = GivenGraph(raw, (Column("home", ColumnType.CATEGORY),), 1)
    assert graph.probabilities({"home": np.array(["rent", "own"], object)}) == pytest.approx([0.9, 0.2])
    with pytest.raises(ValueError, match="column 'home': no value"):
        graph.probabilities({"home": np.array(["rent", None], object)})
    with pytest.raises(ValueError, match="column 'home' holds numbers, .* takes tensor"):
        GivenGraph(raw, (Column("home", ColumnType.NUMBER),), 1)


def test_values_that_the_graph_cannot_take_are_refused_with_their_column() -> None:
    with pytest.raises(ValueError, match="column 'b': a fraction or no value"):
        GivenGraph(named(), (A, B), 1).probabilities({**ROWS, "b": np.array([1.0, np.nan, 2.0])})


@pytest.mark.parametrize(
    ("raw", "columns", "said"),
    [
        (joined(), (A,), r"one input 'X' has the shape .*declared as inputs are 1 columns: a"),
        (named(), (A, Column("c", ColumnType.NUMBER)), "the graph reads a, b; declared as inputs are a, c"),
        (joined(), (A, Column("c", ColumnType.CATEGORY)), "column 'c' holds text"),
        (b"", (A, B), "not an ONNX file"),
        (b"\x80\x04N.", (A, B), "not an ONNX file"),
        (joined()[:-40], (A, B), "not an ONNX file|does not load"),
    ],
)
def test_what_does_not_fit_is_said(raw: bytes, columns: tuple[Column, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        GivenGraph(raw, columns, 1)


def test_the_output_must_be_clear() -> None:
    twice = helper.make_node("Identity", ["probabilities"], ["other_prob"])
    outputs = [port("probabilities", [None, 2]), port("other_prob", [None, 2])]
    raw = model([classifier(), twice], [port("X", [None, 2])], outputs)
    with pytest.raises(ValueError, match="which output holds the probabilities.*probabilities, other_prob: name one"):
        GivenGraph(raw, (A, B), 1)
    assert GivenGraph(raw, (A, B), 1, "other_prob").probabilities(ROWS).shape == (3,)
    with pytest.raises(ValueError, match="no output 'score': it has probabilities, other_prob"):
        GivenGraph(raw, (A, B), 1, "score")


def test_an_output_that_is_no_probability_of_one_class_is_refused() -> None:
    three = helper.make_node("Concat", ["X", "X"], ["wide"], axis=1)
    raw = model([three], [port("X", [None, 2])], [port("wide", [None, 4])])
    with pytest.raises(ValueError, match=r"has the shape \(3, 4\)"):
        GivenGraph(raw, (A, B), 1).probabilities(ROWS)
