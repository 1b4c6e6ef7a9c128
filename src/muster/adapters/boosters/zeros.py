"""LightGBM's missing values as plain comparisons: what NaN and zero do at a split, by ``x <= threshold`` alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from muster.columns.forms import Tree

ZERO: Final = float(np.float32(1e-35))
"""What LightGBM takes for zero lies between this and its negative (kZeroThreshold in meta.h): it reads it as 0."""

_BELOW_ZERO: Final = float(np.nextafter(-ZERO, -np.inf))

MOST_NODES: Final = 1_000_000
"""Of one tree as it comes out: branches are written twice where zero is missing, and a tree could be made of that."""


class Zeros(IntEnum):
    """What a split takes for missing, as the file numbers it."""

    NONE = 0
    """Nothing: NaN is read as 0."""
    ZERO = 1
    """Zero, and NaN, which is read as 0."""
    NAN = 2
    """NaN."""


@dataclass(frozen=True, slots=True)
class Node:
    """A split, or a leaf where ``left`` is negative."""

    feature: int = 0
    threshold: float = 0.0
    default_left: bool = False
    zeros: Zeros = Zeros.NAN
    left: int = -1
    right: int = -1
    value: float = 0.0

    @property
    def bound(self) -> float:
        """The threshold that says the same without rounding anything to zero first."""
        if not -ZERO <= self.threshold < ZERO:
            return self.threshold
        return ZERO if self.threshold >= 0.0 else _BELOW_ZERO


@dataclass(frozen=True, slots=True)
class _Draft:
    """A tree as it grows: one entry a node, children filled in later."""

    feature: list[int]
    threshold: list[float]
    missing_left: list[bool]
    left: list[int]
    right: list[int]
    leaf: list[bool]
    value: list[float]

    def add(self, feature: int, threshold: float, *, missing_left: bool, value: float | None = None) -> int:
        """Add a node and return its number; raise ValueError where the tree becomes too large."""
        if len(self.leaf) >= MOST_NODES:
            msg = f"a tree has more than {MOST_NODES} nodes once zero is told apart from the rest: muster compiles none"
            raise ValueError(msg)
        self.feature.append(feature)
        self.threshold.append(threshold)
        self.missing_left.append(missing_left)
        self.left.append(0)
        self.right.append(0)
        self.leaf.append(value is not None)
        self.value.append(value or 0.0)
        return len(self.leaf) - 1


def grown(nodes: Sequence[Node]) -> Tree:
    """Return a tree that goes at every number, and at NaN, where these nodes go.

    Where zero is missing and goes another way than its neighbours do, the split becomes three: below zero, zero, above.
    The branch that two of the three lead to is then written twice.
    """
    draft = _Draft([], [], [], [], [], [], [])
    waiting = [(0, -1, False)]  # node, number of its parent in the draft, whether it is the left child
    while waiting:
        place, parent, is_left = waiting.pop()
        number = _add(draft, nodes[place], waiting)
        if parent >= 0:
            (draft.left if is_left else draft.right)[parent] = number
    return Tree(
        np.array(draft.feature, np.int64), np.array(draft.threshold), np.array(draft.missing_left, bool),
        np.array(draft.left, np.int64), np.array(draft.right, np.int64), np.array(draft.leaf, bool),
        np.array(draft.value),
    )  # fmt: skip


def _add(draft: _Draft, node: Node, waiting: list[tuple[int, int, bool]]) -> int:
    if node.left < 0:
        return draft.add(0, 0.0, missing_left=False, value=node.value)
    nan_left = node.default_left if node.zeros is not Zeros.NONE else node.threshold >= 0.0
    if node.zeros is not Zeros.ZERO or _is_plain(node):
        number = draft.add(node.feature, node.bound, missing_left=nan_left)
        waiting += [(node.left, number, True), (node.right, number, False)]
        return number
    return _add_three(draft, node, waiting)


def _is_plain(node: Node) -> bool:
    """Whether everything that counts as zero goes the default way by comparison too."""
    return node.bound >= ZERO if node.default_left else node.bound < -ZERO


def _add_three(draft: _Draft, node: Node, waiting: list[tuple[int, int, bool]]) -> int:
    """Below zero, zero, above: the first split sends away what lies below, the second keeps zero and NaN."""
    default = node.left if node.default_left else node.right
    first = draft.add(node.feature, _BELOW_ZERO, missing_left=False)
    second = draft.add(node.feature, ZERO, missing_left=True)
    draft.right[first] = second
    waiting.append((default, second, True))
    for parent, is_left in ((first, True), (second, False)):
        number = draft.add(node.feature, node.bound, missing_left=node.default_left)
        (draft.left if is_left else draft.right)[parent] = number
        waiting += [(node.left, number, True), (node.right, number, False)]
    return first
