"""Forms compute plainly what the compiled artifact computes fast."""

from __future__ import annotations

import numpy as np

from muster.columns.forms import Linear, Tree, Trees

TREE = Tree(
    feature=np.array([1, 0, 0, 0, 0]),
    threshold=np.array([0.5, np.inf, 0.0, 0.0, 0.0]),
    missing_left=np.array([True, False, False, False, False]),
    left=np.array([1, 3, 0, 0, 0]),
    right=np.array([2, 4, 0, 0, 0]),
    leaf=np.array([False, False, True, True, True]),
    value=np.array([0.0, 0.0, 10.0, 20.0, 30.0]),
)
ROWS = np.array([[9.0, 0.5], [np.nan, np.nan], [1.0, np.nextafter(0.5, 1)]])


def test_a_tree_sends_rows_by_threshold_and_missing_direction() -> None:
    assert [rows.tolist() for rows in TREE.reach(ROWS)] == [[0, 1, 2], [0, 1], [2], [0], [1]]


def test_margins_add_the_baseline_and_every_tree() -> None:
    assert Trees(0.25, (TREE, TREE)).margins(ROWS).tolist() == [40.25, 60.25, 20.25]


def test_a_linear_form_is_a_dot_product() -> None:
    assert Linear(np.array([2.0, -1.0]), 0.5).margins(np.array([[1.0, 3.0]])).tolist() == [-0.5]
