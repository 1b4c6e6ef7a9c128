"""Paths: the trees of an ensemble laid out flat, leaf by leaf, so that one pass of numpy finds a row's patterns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from muster.columns.arrow import Bools, Floats, Integers
from muster.columns.explanation.shapley import MOST_PLAYERS
from muster.columns.forms import Tree, Trees


@dataclass(slots=True)
class _Drawn:
    """What is gathered on the way down: one entry a step of a path, and one a leaf."""

    node: list[int] = field(default_factory=list)
    went_left: list[bool] = field(default_factory=list)
    bit: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    players: list[tuple[int, ...]] = field(default_factory=list)


class Paths:
    """Every leaf of an ensemble with its path.

    Parameters
    ----------
    form
        The trees.
    players
        Shape (width,): to which player each column of the matrix belongs.

    Raises
    ------
    ValueError
        If more players stand on one path than a pattern has bits.
    """

    def __init__(self, form: Trees, players: Integers) -> None:
        drawn, self.constant = _Drawn(), form.baseline
        inner: list[Tree] = []
        nodes = 0
        for tree in form.trees:
            if tree.leaf[0]:
                self.constant += float(tree.value[0])
                continue
            _draw(tree, nodes, players, drawn)
            inner.append(tree)
            nodes += len(tree.leaf)
        self._feature: Final = _joined([tree.feature for tree in inner], np.int64)
        self._threshold: Final = _joined([tree.threshold for tree in inner], np.float64)
        self._missing_left: Final = _joined([tree.missing_left for tree in inner], np.bool_)
        self._node: Final = np.array(drawn.node, np.int64)
        self._went_left: Final = np.array(drawn.went_left, np.bool_)
        self.players: Final = drawn.players
        self.value: Final = np.array(drawn.value)
        kind = np.min_scalar_type(2 ** max(map(len, drawn.players), default=1) - 1)
        self._bit: Final = np.array(drawn.bit, kind)
        self._starts: Final = np.array(drawn.starts, np.int64)

    def patterns(self, matrix: Floats) -> Integers:
        """Return for each row and leaf which of the leaf's players keep the row out, shape (rows, leaves)."""
        if not len(self.value):
            return np.zeros((len(matrix), 0), np.uint8)
        values = matrix.take(self._feature, axis=1)
        left = values <= self._threshold
        if (missing := np.isnan(values)).any():
            left = np.where(missing, self._missing_left, left)
        wrong: Bools = left.take(self._node, axis=1) != self._went_left
        return np.bitwise_or.reduceat(wrong * self._bit, self._starts, axis=1)


def _draw(tree: Tree, before: int, players: Integers, drawn: _Drawn) -> None:
    for leaf, path in _walk(tree):
        found = tuple(dict.fromkeys(int(players[tree.feature[node]]) for node, _ in path))
        if len(found) > MOST_PLAYERS:
            msg = (
                f"{len(found)} factors stand on the path to one leaf; at most {MOST_PLAYERS} can be attributed exactly"
            )
            raise ValueError(msg)
        drawn.starts.append(len(drawn.node))
        drawn.value.append(float(tree.value[leaf]))
        drawn.players.append(found)
        for node, left in path:
            drawn.node.append(before + node)
            drawn.went_left.append(left)
            drawn.bit.append(1 << found.index(int(players[tree.feature[node]])))


def _walk(tree: Tree) -> Iterator[tuple[int, tuple[tuple[int, bool], ...]]]:
    """Yield each leaf with its path from the root: nodes, and whether it goes left there."""
    waiting: list[tuple[int, tuple[tuple[int, bool], ...]]] = [(0, ())]
    while waiting:
        node, path = waiting.pop()
        if tree.leaf[node]:
            yield node, path
            continue
        waiting.append((int(tree.right[node]), (*path, (node, False))))
        waiting.append((int(tree.left[node]), (*path, (node, True))))


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.empty(0, kind)
