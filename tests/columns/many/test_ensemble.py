"""Trees are read from an artifact as the library that wrote it holds them, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import numpy_helper
from tests.columns.many.test_masks import PLAN, WIDTH, forest

from muster.columns.compiler import compile_served
from muster.columns.forms import Linear
from muster.columns.many.ensemble import Ensemble

SERVED = compile_served(PLAN, forest(1, 31))


def test_nodes_and_leaves_are_those_of_the_file() -> None:
    ensemble = Ensemble.read(SERVED)
    assert ensemble
    (node,) = onnx.load_from_string(SERVED).graph.node
    told: dict[str, Any] = {each.name: each for each in node.attribute}
    assert ensemble.roots.tolist() == list(told["tree_roots"].ints)
    assert ensemble.feature.tolist() == list(told["nodes_featureids"].ints)
    assert ensemble.threshold.tolist() == numpy_helper.to_array(told["nodes_splits"].t).tolist()
    assert ensemble.leaves.tolist() == numpy_helper.to_array(told["leaf_weights"].t).tolist()
    assert ensemble.true[:, 0].tolist() == list(told["nodes_truenodeids"].ints)
    assert ensemble.false[:, 1].tolist() == list(told["nodes_falseleafs"].ints)
    assert ensemble.missing_true.tolist() == list(told["nodes_missing_value_tracks_true"].ints)


@pytest.mark.parametrize(
    ("name", "value"),
    [("aggregate_function", 0), ("n_targets", 2), ("post_transform", 1), ("leaf_targetids", 1), ("nodes_modes", 1)],
)
def test_ensembles_that_compute_anything_else_are_not_read(name: str, value: int) -> None:
    model = onnx.load_from_string(SERVED)
    (found,) = (each for each in model.graph.node[0].attribute if each.name == name)
    if name == "nodes_modes":
        modes = np.zeros(len(numpy_helper.to_array(found.t)), np.uint8)
        modes[0] = value
        found.t.CopyFrom(numpy_helper.from_array(modes))
    elif found.ints:
        found.ints[0] = value
    else:
        found.i = value
    assert Ensemble.read(model.SerializeToString()) is None


def test_other_models_hold_none() -> None:
    strict = tuple(replace(each, column=replace(each.column, nullable=False)) for each in PLAN.encodings)
    assert Ensemble.read(compile_served(replace(PLAN, encodings=strict), Linear(np.ones(WIDTH), 0.0))) is None
    two = onnx.load_from_string(SERVED)
    two.graph.node.append(two.graph.node[0])
    assert Ensemble.read(two.SerializeToString()) is None


@given(st.binary(max_size=60))
def test_whatever_bytes_there_are_reading_them_ends(content: bytes) -> None:
    assert Ensemble.read(content) is None
    Ensemble.read(SERVED[: len(content)] + content)
