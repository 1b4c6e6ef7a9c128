"""Ensemble: the trees of an ONNX file as the compiler writes them, read without ``onnx``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.wire import fields, integers, sized
from muster.columns.forms import Tree

MOST: Final = 64
"""Leaves of one tree at most: as many as a long word has bits."""

_DOUBLE, _BYTE = 11, 2  # types of tensors
_GRAPH, _NODE, _ATTRIBUTE = 7, 1, 5
_LISTS: Final = (
    "tree_roots", "nodes_featureids", "nodes_missing_value_tracks_true", "nodes_truenodeids", "nodes_trueleafs",
    "nodes_falsenodeids", "nodes_falseleafs", "leaf_targetids",
)  # fmt: skip
_BRANCHES: Final = (("nodes_truenodeids", "nodes_trueleafs"), ("nodes_falsenodeids", "nodes_falseleafs"))
"""Of each branch: where it leads, and whether that is a leaf."""
_TENSORS: Final = ("nodes_splits", "nodes_modes", "leaf_weights")
_NUMBERS: Final = {"n_targets": 1, "aggregate_function": 1, "post_transform": 0}


def read_ensemble(buffer: bytes) -> tuple[Tree, ...] | None:
    """Return the trees whose leaves are added in order, baseline first; None where a file holds anything else.

    None as well where a tree has more leaves than :data:`MOST`. The graph is one ``TreeEnsemble`` (ai.onnx.ml 5) from
    ``matrix`` to ``margin``, as :func:`muster.columns.compiler.compile_served` writes it of trees; field numbers are
    those of ``onnx.proto``.
    """
    try:
        return _read(buffer)
    except (IndexError, KeyError, TypeError, ValueError):
        return None


def leaves_of(tree: Tree, root: int = 0) -> list[int]:
    """Return the leaves below a node, from left to right."""
    if tree.leaf[root]:
        return [root]
    return leaves_of(tree, int(tree.left[root])) + leaves_of(tree, int(tree.right[root]))


def tests_of(tree: Tree, without: Callable[[int, int], int]) -> list[tuple[int, float, int, bool]]:
    """Return of each test its column, its threshold, the leaves that are left over where it fails, where NaN goes.

    ``without`` makes that of the leaves that go: of the first, from the left, and the one after the last.
    """
    found: list[tuple[int, float, int, bool]] = []

    def walk(node: int, first: int) -> int:
        if tree.leaf[node]:
            return first + 1
        end = walk(int(tree.left[node]), first)
        test = int(tree.feature[node]), float(tree.threshold[node])
        found.append((*test, without(first, end), bool(tree.missing_left[node])))
        return walk(int(tree.right[node]), end)

    walk(0, 0)
    return found


def _read(buffer: bytes) -> tuple[Tree, ...]:
    (graph,) = (part for number, part in sized(memoryview(buffer)) if number == _GRAPH)
    (node,) = (part for number, part in sized(graph) if number == _NODE)
    held = list(sized(node))
    ports = [(number, bytes(part)) for number, part in held if number in (1, 2, 4)]
    if ports != [(1, b"matrix"), (2, b"margin"), (4, b"TreeEnsemble")]:
        raise ValueError
    said = dict(_attribute(part) for number, part in held if number == _ATTRIBUTE)
    if said.keys() != {*_LISTS, *_TENSORS, *_NUMBERS} or any(said[name] != wanted for name, wanted in _NUMBERS.items()):
        raise ValueError
    if any(said["leaf_targetids"]) or said["nodes_modes"].any():  # one target; every test is "less or equal"
        raise ValueError
    if np.isnan(said["nodes_splits"]).any():  # before or after which nothing is
        raise ValueError
    trees: list[Tree] = []
    rest = len(said["nodes_splits"]) + len(said["leaf_weights"])  # no node is in two trees
    for root in said["tree_roots"]:
        trees.append(_tree(said, root))
        rest -= len(trees[-1].leaf)
        if rest < 0:
            raise ValueError
    return tuple(trees)


def _attribute(part: memoryview) -> tuple[str, Any]:
    """Return name and value; a list is field 8, a tensor 5, an integer 3, which is left out where it is 0."""
    held: dict[int, list[Any]] = {}
    for number, value in fields(part):
        held.setdefault(number, []).append(value)
    (raw,) = held[1]
    name = bytes(raw).decode()
    if name in _LISTS:
        return name, integers(held.get(8, []))
    if name in _TENSORS:
        return name, _tensor(held[5][0])
    (number,) = held.get(3, [0])
    return name, number


def _tensor(part: memoryview) -> NDArray[Any]:
    held = dict(fields(part))
    if not isinstance(held.get(9), memoryview):
        raise TypeError
    return np.frombuffer(held[9], {_DOUBLE: "<f8", _BYTE: "<u1"}[held[2]])


def _tree(said: dict[str, Any], root: int) -> Tree:
    """Follow one tree from its root; where both branches lead to one leaf it is no more than that."""
    rows: list[tuple[int, float, bool, int, int, bool, float]] = []

    def add(place: int, *, is_leaf: bool) -> int:
        mine = len(rows)
        if mine >= 2 * MOST - 1 or place < 0:
            raise ValueError
        if is_leaf:
            rows.append((0, 0.0, False, 0, 0, True, float(said["leaf_weights"][place])))
            return mine
        true, false = ((said[nodes][place], bool(said[leaves][place])) for nodes, leaves in _BRANCHES)
        if true == false and true[1]:
            return add(true[0], is_leaf=True)
        rows.append((0, 0.0, False, 0, 0, False, 0.0))
        left, right = add(true[0], is_leaf=true[1]), add(false[0], is_leaf=false[1])
        test = said["nodes_featureids"][place], float(said["nodes_splits"][place])
        rows[mine] = (*test, bool(said["nodes_missing_value_tracks_true"][place]), left, right, False, 0.0)
        return mine

    add(root, is_leaf=False)
    kinds = (np.int64, np.float64, np.bool_, np.int64, np.int64, np.bool_, np.float64)
    return Tree(*(np.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)))
