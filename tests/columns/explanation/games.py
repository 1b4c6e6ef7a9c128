"""Shapley values by their definition: every set of players, every background row. Slow, and plainly right."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import comb

import numpy as np

from muster.columns.arrow import Floats, Integers
from muster.columns.forms import Tree


def by_definition(margins: Callable[[Floats], Floats], players: Integers, background: Floats, rows: Floats) -> Floats:
    """Return the Shapley values of each row, shape (rows, players), from 2^players mixed tables a row."""
    count = int(players.max()) + 1
    sets = [some for size in range(count + 1) for some in combinations(range(count), size)]
    return np.array([
        _values({some: margins(np.where(np.isin(players, some), row, background)).mean() for some in sets}, count)
        for row in rows
    ])  # fmt: skip


def _values(worth: dict[tuple[int, ...], float], count: int) -> list[float]:
    def value(player: int) -> float:
        without = [some for some in worth if player not in some]
        gains = ((worth[tuple(sorted((*some, player)))] - worth[some]) / comb(count - 1, len(some)) for some in without)
        return sum(gains) / count

    return [value(player) for player in range(count)]


def grown(rng: np.random.Generator, width: int, depth: int) -> Tree:
    """Grow an uneven tree at random: some branches end early, features come again, some thresholds are infinite."""
    feature, threshold, left, right, leaf = [0], [0.0], [0], [0], [True]

    def split(node: int, below: int) -> None:
        if below == 0 or (below < depth and rng.random() < 0.2):
            return
        leaf[node], feature[node] = False, int(rng.integers(width))
        threshold[node] = float("inf") if rng.random() < 0.1 else float(rng.integers(-2, 3))
        for side in (left, right):
            side[node] = len(leaf)
            for part, blank in ((feature, 0), (threshold, 0.0), (left, 0), (right, 0), (leaf, True)):
                part.append(blank)
            split(side[node], below - 1)

    split(0, depth)
    missing = rng.random(len(leaf)) < 0.5
    parts = (np.array(part) for part in (feature, threshold))
    return Tree(*parts, missing, np.array(left), np.array(right), np.array(leaf), rng.normal(size=len(leaf)))


def drawn(rng: np.random.Generator, rows: int, width: int) -> Floats:
    """Draw rows that meet the thresholds exactly, some values missing."""
    matrix = rng.integers(-3, 4, (rows, width)).astype(np.float64)
    matrix[rng.random(matrix.shape) < 0.15] = np.nan
    return matrix
