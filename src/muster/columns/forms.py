"""Forms: what a trained model computes, free of the library that trained it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.head import Link, score


@dataclass(frozen=True, slots=True)
class Linear:
    """Margin = matrix @ weights + intercept; the score is the logistic function of the margin."""

    weights: NDArray[np.float64]
    """Shape (width,)."""
    intercept: float

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one margin a row."""
        return matrix @ self.weights + self.intercept


@dataclass(frozen=True, slots=True)
class Tree:
    """One binary tree as arrays over its nodes; node 0 is the root.

    A row goes left where ``row[feature] <= threshold``; where the value is NaN, as ``missing_left`` says. Nodes with
    ``leaf`` set end the walk with their ``value``.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    leaf: NDArray[np.bool_]
    value: NDArray[np.float64]

    def reach(self, matrix: NDArray[np.float64]) -> list[NDArray[np.int64]]:
        """Return for each node the numbers of the rows that come to it."""
        rows: list[NDArray[np.int64]] = [np.empty(0, np.int64) for _ in self.leaf]
        rows[0] = np.arange(len(matrix))
        waiting = [0]
        while waiting:
            node = waiting.pop()
            if self.leaf[node]:
                continue
            values = matrix[rows[node], self.feature[node]]
            left = np.where(np.isnan(values), self.missing_left[node], values <= self.threshold[node])
            rows[self.left[node]], rows[self.right[node]] = rows[node][left], rows[node][~left]
            waiting += (int(self.left[node]), int(self.right[node]))
        return rows


@dataclass(frozen=True, slots=True)
class Trees:
    """Margin = baseline + the leaf values of every tree, added in order; the score is its logistic function.

    The order is part of the form: float64 addition is not associative, and another order moves the last bits.
    """

    baseline: float
    trees: tuple[Tree, ...]

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one margin a row: slow and plain, to hold the compiled form against."""
        total = np.full(len(matrix), self.baseline)
        for tree in self.trees:
            for node, rows in enumerate(tree.reach(matrix)):
                if tree.leaf[node]:
                    total[rows] += tree.value[node]
        return total


ACTIVATIONS: Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "relu": lambda values: np.maximum(values, 0.0),
    "tanh": np.tanh,
    "logistic": lambda values: 1.0 / (1.0 + np.exp(-values)),
    "identity": lambda values: values,
}
"""What stands between the layers of a network."""


@dataclass(frozen=True, slots=True)
class Network:
    """Layers of weights with one activation between them; the last layer gives the margin."""

    layers: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]
    """Weights of shape (into, out of) and intercepts of shape (out of,) of each layer."""
    activation: str

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one margin a row."""
        values = matrix
        for number, (weights, intercepts) in enumerate(self.layers):
            values = values @ weights + intercepts
            if number < len(self.layers) - 1:
                values = ACTIVATIONS[self.activation](values)
        return values[:, 0]


@dataclass(frozen=True, slots=True)
class Member:
    """A form that reads some neighbouring columns of the matrix only."""

    start: int
    width: int
    form: Linear | Trees | Network

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one margin a row of the whole matrix."""
        return self.form.margins(matrix[:, self.start : self.start + self.width])


@dataclass(frozen=True, slots=True)
class Members:
    """Several forms, or one whose margin becomes the score in another way; the plan's head says how."""

    each: tuple[Member, ...]
    head: tuple[Link, ...]

    def margins(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one margin a row and member, shape (rows, members)."""
        return np.stack([member.margins(matrix) for member in self.each], axis=1)

    def scores(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one score a row: slow and plain, to hold the compiled form against."""
        return score(self.head, self.margins(matrix))


Form = Linear | Trees | Members
