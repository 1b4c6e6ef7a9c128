"""Zero and NaN at a split of LightGBM, said with comparisons alone: by law, on any tree of such splits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.adapters.boosters.rows import SMALL

from muster.adapters.boosters import zeros
from muster.adapters.boosters.zeros import ZERO, Node, Zeros, grown

VALUES = st.sampled_from([*SMALL, -2.0, -1.0, 1.0, 2.0])
SPLITS = st.lists(st.tuples(VALUES.filter(lambda v: v == v), st.booleans(), st.sampled_from(Zeros)), max_size=5)  # noqa: PLR0124 - drops NaN


def goes_left(node: Node, value: float) -> bool:
    """As LightGBM does it: rows without what is nearly zero (c_api.cpp), then NumericalDecision (tree.h)."""
    if -ZERO <= value <= ZERO:
        value = 0.0
    if np.isnan(value) and node.zeros is not Zeros.NAN:
        value = 0.0
    if (node.zeros is Zeros.ZERO and -ZERO <= value <= ZERO) or (node.zeros is Zeros.NAN and np.isnan(value)):
        return node.default_left
    return value <= node.threshold


def walked(nodes: list[Node], value: float) -> float:
    place = 0
    while nodes[place].left >= 0:
        place = nodes[place].left if goes_left(nodes[place], value) else nodes[place].right
    return nodes[place].value


@given(SPLITS, VALUES)
def test_a_value_comes_to_the_leaf_that_lightgbm_takes_it_to(
    splits: list[tuple[float, bool, Zeros]], value: float
) -> None:
    inner = len(splits)  # a chain: each split has a leaf on its left and the next split on its right
    nodes = [
        Node(0, threshold, default, missing, left=inner + place, right=place + 1 if place + 1 < inner else 2 * inner)
        for place, (threshold, default, missing) in enumerate(splits)
    ]
    nodes += [Node(value=float(number)) for number in range(inner + 1)]
    tree = grown(nodes)
    reached = [node for node, rows in enumerate(tree.reach(np.array([[value]]))) if len(rows) and tree.leaf[node]]
    assert [tree.value[node] for node in reached] == [walked(nodes, value)]


def test_a_tree_cannot_be_made_to_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zeros, "MOST_NODES", 50)
    deep = [Node(0, 5.0, False, Zeros.ZERO, left=place + 1, right=9) for place in range(8)]
    with pytest.raises(ValueError, match="more than 50 nodes"):
        grown([*deep, Node(value=1.0), Node(value=2.0)])
