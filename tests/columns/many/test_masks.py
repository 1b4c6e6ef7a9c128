"""Trees of many rows give the bits that walking each of them gives, wherever a row stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from muster.adapters.onnx import OnnxPredictor
from muster.columns.compiler import compile_served
from muster.columns.forms import Tree, Trees
from muster.columns.many.masks import AT_ONCE, FROM, Masks
from muster.columns.plan import Encoding, Plan
from muster.columns.row.ensemble import read_ensemble
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable

WIDTH = 14
PLAN = Plan(
    "sha256:00",
    "gradient-boosting",
    tuple(Encoding(Column(f"x{place}", ColumnType.NUMBER, nullable=True)) for place in range(WIDTH)),
    DecisionRule(0.5, Favourable.BELOW),
)
SHORT = 3
"""Columns from this one on have one threshold."""


def grown(rng: np.random.Generator, leaves: int) -> Tree:
    """Return a tree of any shape with so many leaves."""
    count = 2 * leaves - 1
    left, right, leaf = np.zeros(count, np.int64), np.zeros(count, np.int64), np.ones(count, np.bool_)
    open_nodes, made = [0], 1
    while made < count:
        node = open_nodes.pop(int(rng.integers(len(open_nodes))))
        leaf[node], left[node], right[node] = False, made, made + 1
        open_nodes += [made, made + 1]
        made += 2
    feature = rng.integers(0, WIDTH, count)
    threshold = np.where(feature < SHORT, rng.choice([-2.0, -0.0, 0.0, 0.5, 3.0, np.inf], count), 0.5)
    return Tree(feature, threshold, rng.random(count) < 0.5, left, right, leaf, rng.normal(size=count))


def forest(seed: int, most: int, trees: int = 12) -> Trees:
    rng = np.random.default_rng(seed)
    return Trees(float(rng.normal()), tuple(grown(rng, int(rng.integers(1, most + 1))) for _ in range(trees)))


def rows(seed: int, count: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    made = rng.choice([-2.0, -0.0, 0.0, 0.5, 3.0, 1e300, 0.7], (count, WIDTH))
    made = np.where(rng.random(made.shape) < 0.3, np.nextafter(made, rng.choice([-np.inf, np.inf], made.shape)), made)
    made[:, :SHORT][rng.random((count, SHORT)) < 0.2] = np.nan
    return made


def masks_of(form: Trees) -> Masks:
    trees = read_ensemble(compile_served(PLAN, form))
    assert trees
    return Masks(trees)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from([1, 2, 31, 33, 64]), st.sampled_from([2, 5, 40]))
def test_every_bit_is_that_of_walking_the_trees(seed: int, most: int, count: int) -> None:
    form, matrix = forest(seed, most), rows(seed + 1, count)
    masks = masks_of(form)
    matrix[:, masks._single] = np.nan_to_num(matrix[:, masks._single], nan=0.5)
    found = masks.margins(matrix)
    assert found is not None
    assert found.tobytes() == form.margins(matrix).tobytes()


def test_a_row_has_the_same_bits_alone_among_few_and_among_many() -> None:
    form, matrix = forest(7, 31), rows(8, 2 * AT_ONCE + 1)
    predictor = OnnxPredictor.load(compile_served(PLAN, form))
    assert predictor._engine._masks  # type: ignore[union-attr]
    wanted = predictor.margins(matrix)
    assert wanted.tobytes() == form.margins(matrix).tobytes()
    for size in (1, 2, FROM - 1, FROM, FROM + 1, AT_ONCE, AT_ONCE + 1):
        parts = [predictor.margins(matrix[start : start + size]) for start in range(0, 2 * size, size)]
        assert np.concatenate(parts).tobytes() == wanted[: 2 * size].tobytes()


def test_a_missing_value_in_a_short_column_is_left_to_walking() -> None:
    form, matrix = forest(3, 31), rows(4, 40)
    matrix[7, SHORT:] = np.nan
    assert masks_of(form).margins(matrix) is None
    predictor = OnnxPredictor.load(compile_served(PLAN, form))
    assert predictor.margins(matrix).tobytes() == form.margins(matrix).tobytes()


def test_trees_too_large_for_a_word_or_too_many_are_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    large = Trees(0.0, (grown(rng, 65),))
    with pytest.raises(ValueError, match="65 leaves"):
        Masks(large.trees)
    predictor = OnnxPredictor.load(compile_served(PLAN, large))
    assert predictor.margins(rows(6, 40)).tobytes() == large.margins(rows(6, 40)).tobytes()
    for most in (8, 20_000):
        monkeypatch.setattr("muster.columns.many.masks.LARGEST", most)
        with pytest.raises(ValueError, match="too many"):
            masks_of(forest(9, 31))


def test_masks_that_give_other_bits_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Masks, "margins", lambda _, matrix: np.zeros(len(matrix)))
    form = forest(1, 31)
    predictor = OnnxPredictor.load(compile_served(PLAN, form))
    assert predictor.margins(rows(2, 40)).tobytes() == form.margins(rows(2, 40)).tobytes()
