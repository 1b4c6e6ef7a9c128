"""Small served models, rows that they score, and Shapley values by their definition: slow, and plainly right."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import comb

import numpy as np
import pyarrow as pa

from muster.adapters.onnx import OnnxPredictor
from muster.columns.arrow import Floats, Integers
from muster.columns.compiler import compile_served
from muster.columns.explanation.explainer import Explainer
from muster.columns.explanation.reading import read_served
from muster.columns.forms import Form, Linear, Tree, Trees
from muster.columns.plan import Encoding, Plan
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable
from muster.records.policy import Factor, ReasonMap

RULE = DecisionRule(0.5, Favourable.BELOW)
ENCODINGS = (
    Encoding(Column("income", ColumnType.NUMBER, nullable=True), fill=1.0, mean=1.0, scale=2.0),
    Encoding(Column("late", ColumnType.INTEGER), mean=0.0),
    Encoding(Column("region", ColumnType.CATEGORY), categories=("east", "north", "south")),
    Encoding(Column("age", ColumnType.INTEGER), mean=50.0, scale=15.0),
)
INPUTS = tuple(encoding.column.name for encoding in ENCODINGS)
REASONS = ReasonMap(
    "loans",
    "loans",
    (
        Factor("money", ("income", "savings"), "Income", changeable=True),
        Factor("late", ("late",), "Late payments", changeable=True),
        Factor("place", ("region",), "", nameable=False),
        Factor("pets", ("dogs",), "Pets"),
    ),
    most=3,
)
LINEAR = Linear(np.array([-1.5, 0.8, 0.3, -0.2, 0.1, -0.4]), -0.2)


def forest(seed: int = 0) -> Trees:
    rng = np.random.default_rng(seed)
    return Trees(-0.1, tuple(grown(rng, 6, 4) for _ in range(8)))


def explainer(form: Form, rule: DecisionRule = RULE, reasons: ReasonMap = REASONS) -> Explainer:
    """Compile a form, read it back from its bytes, and explain with those."""
    served = compile_served(Plan("sha256:00", "learner", ENCODINGS, rule), form)
    return Explainer(*read_served(served), OnnxPredictor.load(served), reasons)


def people(rows: int, seed: int = 0) -> pa.Table:
    rng = np.random.default_rng(seed)
    income = rng.normal(1, 2, rows).round(2)
    return pa.table(
        {
            "income": pa.array(income, mask=rng.random(rows) < 0.1),
            "late": rng.poisson(1.0, rows),
            "region": rng.choice(["east", "north", "south"], rows),
            "age": rng.integers(18, 80, rows),
            "more": np.arange(rows),
        }
    )


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
