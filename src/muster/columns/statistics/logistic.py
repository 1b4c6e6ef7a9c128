"""Logistic regression by Newton's method, for measuring what inputs give away; no third library is loaded for it."""

from __future__ import annotations

import numpy as np

from muster.columns.arrow import Bools, Floats

RIDGE = 1.0
"""Penalty on the squared weights of standardised inputs, half of it times their sum: C = 1 in scikit-learn."""

MOST_STEPS = 50
BLOCK = 200
"""Rows multiplied at once: so few that BLAS starts no threads, which on a busy machine wait longer than they work."""
SETTLED = 1e-4
"""A step that moves no weight further than this is the last: the next would move it by about its square."""


def fit(matrix: Floats, labels: Bools, *, ridge: float = RIDGE, start: Floats | None = None) -> Floats:
    """Return weights and, last, the intercept, which is not penalised; shape (columns + 1,).

    Iteratively reweighted least squares, with step halving, on the penalised log likelihood, which has one maximum.

    Parameters
    ----------
    matrix
        Standardised inputs, shape (rows, columns), finite.
    labels
        Shape (rows,).
    ridge
        Strength of the penalty.
    start
        Weights to begin from; they change how long it takes, not where it ends.
    """
    design = np.column_stack((matrix, np.ones(len(matrix))))
    penalty = np.append(np.full(matrix.shape[1], ridge), 0.0)
    if start is None:
        rate = np.clip(labels.mean(), 1e-6, 1 - 1e-6)
        start = np.append(np.zeros(matrix.shape[1]), np.log(rate / (1 - rate)))
    weights = start
    loss = _loss(design, labels, weights, penalty)
    for _ in range(MOST_STEPS):
        chance = _expit(_times(design, weights))
        slope, curve = _slope_and_curve(design, chance - labels, np.maximum(chance * (1 - chance), 1e-10))
        newton = np.linalg.solve(curve + np.diag(penalty + 1e-10), slope + penalty * weights)
        step = np.asarray(newton, dtype=np.float64)
        weights, loss, moved = _descend(design, labels, (weights, step, loss), penalty)
        if moved < SETTLED:
            break
    return weights


def out_of_fold(matrix: Floats, labels: Bools, *, folds: int, seed: int, ridge: float = RIDGE) -> Floats:
    """Return log odds of rows predicted by a fit without them, shape (rows,).

    Columns are standardised over all rows, without a look at the labels; folds hold both classes in equal shares.
    Constant columns count for nothing.
    """
    generator = np.random.default_rng(seed)
    fold = np.empty(labels.size, dtype=np.int64)
    for side in (labels, ~labels):
        fold[side] = generator.permutation(np.count_nonzero(side)) % folds
    scale = matrix.std(axis=0)
    scaled = (matrix - matrix.mean(axis=0)) / np.where(scale > 0, scale, np.inf)
    start = fit(scaled, labels, ridge=ridge)
    predicted = np.empty(labels.size)
    for number in range(folds):
        out = fold == number
        weights = fit(scaled[~out], labels[~out], ridge=ridge, start=start)
        predicted[out] = scaled[out] @ weights[:-1] + weights[-1]
    return predicted


def _descend(
    design: Floats, labels: Bools, state: tuple[Floats, Floats, float], penalty: Floats
) -> tuple[Floats, float, float]:
    """Take the Newton step, halved until the loss does not rise; return weights, loss and the largest move."""
    weights, step, loss = state
    for _ in range(30):
        tried = weights - step
        new = _loss(design, labels, tried, penalty)
        if new <= loss + 1e-12 * abs(loss):
            return tried, new, float(np.abs(step).max())
        step = step / 2
    return weights, loss, 0.0


def _slope_and_curve(design: Floats, misses: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Return the first and second derivative of the loss without its penalty."""
    columns = design.shape[1]
    slope, curve = np.zeros(columns), np.zeros((columns, columns))
    for start in range(0, len(design), BLOCK):
        rows = slice(start, start + BLOCK)
        block = design[rows]
        slope += misses[rows] @ block
        curve += (block.T * spread[rows]) @ block
    return slope, curve


def _times(design: Floats, weights: Floats) -> Floats:
    return np.concatenate([design[start : start + BLOCK] @ weights for start in range(0, len(design), BLOCK)])


def _loss(design: Floats, labels: Bools, weights: Floats, penalty: Floats) -> float:
    odds = _times(design, weights)
    return float(np.logaddexp(0.0, odds).sum() - odds[labels].sum() + 0.5 * (penalty * weights**2).sum())


def _expit(odds: Floats) -> Floats:
    chances: Floats = 0.5 * (1.0 + np.tanh(0.5 * odds))
    return chances
