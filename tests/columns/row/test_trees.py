"""One row of trees is scored with the bits that it has among others, whatever its values."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import helper, numpy_helper

from muster.adapters.onnx import OnnxPredictor
from muster.columns.compiler import compile_served, planned
from muster.columns.forms import Tree, Trees
from muster.columns.plan import Encoding
from muster.columns.row.ensemble import read_ensemble
from muster.columns.row.limits import Limits, Span
from muster.columns.row.trees import LEAVES, TreesRow
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

RULE = DecisionRule(0.5, Favourable.BELOW)
BOUNDS = [-inf, -1.5, 0.0, 0.3, 0.5, 1.0, 2.0, 7.0, inf]
ENCODINGS = (
    Encoding(Column("income", ColumnType.NUMBER, nullable=True), mean=0.25, scale=2.0),
    Encoding(
        Column("job", ColumnType.CATEGORY, nullable=True, categories=("a", "b")), categories=("a", "b"), null_place=True
    ),
    Encoding(Column("months", ColumnType.INTEGER, nullable=True), fill=3.0),
    Encoding(Column("home", ColumnType.CATEGORY, nullable=True, categories=("x", "y")), categories=("x", "y")),
)
WIDTH = sum(encoding.width for encoding in ENCODINGS)
LIMITS = Limits(
    {"income": Span(-10.0, 10.0, nullable=True), "months": Span(-10, 10, nullable=True)},
    {"job": frozenset({"a", "b", None}), "home": frozenset({"x", "y", None})},
)
NAMES = [encoding.column.name for encoding in ENCODINGS]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Draw a tree of any shape."""
    rows: list[list[Any]] = []

    def grow(depth: int) -> int:
        mine = len(rows)
        rows.append([0, 0.0, False, 0, 0, True, draw(st.floats(-3, 3))])
        if depth and draw(st.booleans()):
            left, right = grow(depth - 1), grow(depth - 1)
            test = draw(st.integers(0, WIDTH - 1)), draw(st.sampled_from(BOUNDS)), draw(st.booleans())
            rows[mine] = [*test, left, right, False, 0.0]
        return mine

    grow(5)
    kinds = (np.int64, np.float64, np.bool_, np.int64, np.int64, np.bool_, np.float64)
    return Tree(*(np.array(part, kind) for part, kind in zip(zip(*rows, strict=True), kinds, strict=True)))


ROWS = st.tuples(
    st.one_of(st.none(), st.floats(-10, 10), st.sampled_from([0.25 + 2 * bound for bound in BOUNDS[1:-2]])),
    st.sampled_from(["a", "b", None]),
    st.one_of(st.none(), st.integers(-10, 10)),
    st.sampled_from(["x", "y", None]),
)


@settings(max_examples=60, deadline=None)
@given(st.floats(-2, 2), st.lists(trees(), min_size=1, max_size=6), st.lists(ROWS, min_size=2, max_size=12))
def test_one_row_has_the_bits_that_it_has_among_others(baseline: float, grown: list[Tree], rows: list[Any]) -> None:
    form = Trees(baseline, tuple(grown))
    predictor = OnnxPredictor.load(compile_served(planned("v", "given", ENCODINGS, form, RULE), form))
    alone = predictor.plainly(LIMITS)
    assert isinstance(getattr(alone, "__self__", None), TreesRow)
    columns = {name: [row[at] for row in rows] for at, name in enumerate(NAMES)}
    together = predictor.scores(predictor.encoder("refuse").encode(columns))
    assert alone is not None
    assert [alone(row) for row in rows] == together.tolist()


@pytest.mark.parametrize(
    "row",
    [(11.0, "a", 1, "x"), (float("nan"), "a", 1, "x"), (True, "a", 1, "x"), (1.0, "c", 1, "x"), ("1", "a", 1, "x"),
     (1.0, 1, 1, "x"), (1.0, "a", 11, "x"), (1.0, ["a"], 1, "x")],
)  # fmt: skip
def test_a_row_beyond_its_limits_is_not_scored(row: Any) -> None:
    score = TreesRow(ENCODINGS, (_leaf(0.5),), LIMITS).score
    try:
        assert score(row) is None
    except (KeyError, TypeError):
        return


def test_what_may_not_be_missing_is_not_scored_without() -> None:
    limits = Limits({name: span._replace(nullable=False) for name, span in LIMITS.numbers.items()}, LIMITS.categories)
    assert TreesRow(ENCODINGS, (_leaf(0.5),), limits).score((None, "a", 1, "x")) is None


def _leaf(value: float) -> Tree:
    kinds = (np.int64, np.float64, np.bool_, np.int64, np.int64, np.bool_, np.float64)
    return Tree(*(np.array([part], kind) for part, kind in zip((0, 0.0, False, 0, 0, True, value), kinds, strict=True)))


def chain(leaves: int) -> Tree:
    """Return a tree that is one long branch."""
    rows: list[tuple[Any, ...]] = []
    for step in range(leaves - 1):
        at = len(rows)
        rows += [(0, float(step), False, at + 1, at + 2, False, 0.0), (0, 0.0, False, 0, 0, True, float(step))]
    rows.append((0, 0.0, False, 0, 0, True, 99.0))
    kinds = (np.int64, np.float64, np.bool_, np.int64, np.int64, np.bool_, np.float64)
    return Tree(*(np.array(part, kind) for part, kind in zip(zip(*rows, strict=True), kinds, strict=True)))


@pytest.mark.parametrize(("leaves", "short"), [(LEAVES, True), (LEAVES + 1, False)])
def test_trees_of_more_leaves_than_a_word_has_bits_are_left_to_the_runtime(leaves: int, *, short: bool) -> None:
    form = Trees(0.0, (chain(leaves),))
    encodings = (Encoding(Column("income", ColumnType.NUMBER)),)
    predictor = OnnxPredictor.load(compile_served(planned("v", "given", encodings, form, RULE), form))
    limits = Limits({"income": Span(-1e3, 1e3, nullable=False)}, {})
    alone = predictor.plainly(limits)
    assert alone is not None
    assert isinstance(alone.__self__, TreesRow) is short  # type: ignore[attr-defined]
    values = [float(step) + off for step in range(-1, leaves) for off in (-0.5, 0.0, 0.5)]
    matrix = np.array(values).reshape(-1, 1)
    assert [alone((value,)) for value in values] == predictor.scores(matrix).tolist()
    if not short:
        with pytest.raises(ValueError, match=f"{leaves} leaves"):
            TreesRow(encodings, form.trees, limits)


def test_models_that_would_take_too_much_memory_are_left_to_the_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.columns.row.trees.LARGEST", 50)
    with pytest.raises(ValueError, match="too much memory"):
        TreesRow(
            (Encoding(Column("income", ColumnType.NUMBER)),),
            (chain(20),),
            Limits({"income": Span(0, 1, nullable=False)}, {}),
        )


@pytest.mark.parametrize("feature", [-1, 1])
def test_a_tree_that_reads_no_column_of_the_model_is_left_to_the_runtime(feature: int) -> None:
    tree = replace(chain(4), feature=np.full_like(chain(4).feature, feature))
    with pytest.raises(ValueError, match=f"reads column {feature}, and there are 1"):
        TreesRow(ENCODINGS[:1], (tree,), LIMITS)


def test_what_is_worked_out_of_many_trees_takes_no_more_memory_than_what_is_kept() -> None:
    tracemalloc.start()
    try:
        kept = TreesRow(ENCODINGS[:1], (chain(32),) * 600, LIMITS)
        now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept.score((0.5,)) is not None
    assert most < 10 * now


def ensemble(roots: int = 1, bound: float = 0.5) -> bytes:
    """Return an ensemble of as many trees, all of which are the same nodes."""
    lists = {
        "tree_roots": [0] * roots, "nodes_featureids": [0], "nodes_missing_value_tracks_true": [0],
        "nodes_truenodeids": [0], "nodes_trueleafs": [1], "nodes_falsenodeids": [1], "nodes_falseleafs": [1],
        "leaf_targetids": [0, 0], "n_targets": 1, "aggregate_function": 1, "post_transform": 0,
    }  # fmt: skip
    arrays = {"nodes_splits": [bound], "leaf_weights": [1.0, 2.0]}
    tensors = {name: numpy_helper.from_array(np.array(each)) for name, each in arrays.items()}
    tensors["nodes_modes"] = numpy_helper.from_array(np.zeros(1, np.uint8))
    node = helper.make_node("TreeEnsemble", ["matrix"], ["margin"], domain="ai.onnx.ml", **lists, **tensors)
    model: bytes = helper.make_model(helper.make_graph([node], "g", [], [])).SerializeToString()
    return model


def test_an_ensemble_is_not_read_that_is_larger_than_its_file_or_has_no_order() -> None:
    read = read_ensemble(ensemble())
    assert read is not None
    assert [tree.value[tree.leaf].tolist() for tree in read] == [[1.0, 2.0]]
    assert read_ensemble(ensemble(roots=2)) is None
    assert read_ensemble(ensemble(bound=nan)) is None
