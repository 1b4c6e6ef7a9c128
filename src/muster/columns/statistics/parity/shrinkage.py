"""Shrinkage: rates of many small groups, each drawn towards what its parts lead one to expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muster.columns.arrow import Floats, Integers

RIDGE = 1e-3
"""Penalty that keeps the weight of a level finite where everyone or nobody of it is a hit."""
MOST_STEPS = 100
SETTLED = 1e-10


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What is known of each group beforehand, as rows and hits that count with its own."""

    rows: float
    """How many rows the expectation weighs, the same for every group."""
    expected: Floats
    """Rate that the group's parts lead one to expect, shape (groups,)."""

    def counts(self, hits: Integers, trials: Integers) -> tuple[Floats, Floats]:
        """Return hits and trials with those of the expectation added: their quotients are the shrunk rates."""
        own: Floats = hits + self.rows * self.expected
        rows: Floats = trials.astype(np.float64) + self.rows
        return own, rows


def shrinkage(hits: Integers, trials: Integers, levels: Integers) -> Shrunk:
    """Fit a beta-binomial model whose mean is additive on the log odds (empirical Bayes; Kleinman 1973).

    A group is not drawn towards the rate of all people, which would hide that both of its parts are treated worse, but
    towards what the main effects of its attributes give. The weight of that expectation follows by moments from how
    much more groups differ from it than chance lets them; it is at most the mean size of a group, so that no group of
    that size is drawn more than half of the way.

    Parameters
    ----------
    hits, trials
        Counts, shape (groups,); every group has a trial.
    levels
        Code of the group in each attribute, shape (groups, attributes).

    Raises
    ------
    ValueError
        If there are fewer than two groups, or everyone or nobody is a hit.
    """
    if hits.size < 2 or not 0 < hits.sum() < trials.sum():
        msg = "rates are shrunk where there are two groups or more, and neither everyone nor nobody is a hit"
        raise ValueError(msg)
    design = _main_effects(levels)
    expected = _fit(design, hits.astype(np.float64), trials.astype(np.float64))
    spread = trials * expected * (1 - expected)
    chi = float(((hits - trials * expected) ** 2 / spread).sum())
    free = hits.size - int(np.linalg.matrix_rank(design))
    room = float((trials - 1).sum()) * free / hits.size
    excess = max(chi - free, 0.0) / room if free > 0 and room > 0 else 0.0
    most = float(trials.mean())
    weight = most if excess <= 0 else min(max(1 / excess - 1, 0.0), most)
    return Shrunk(weight, expected)


def _main_effects(levels: Integers) -> Floats:
    """Return indicators of every level but the first of each attribute, and an intercept."""
    columns = [np.ones(len(levels))]
    for attribute in levels.T:
        columns += [(attribute == level).astype(np.float64) for level in np.unique(attribute)[1:]]
    return np.column_stack(columns)


def _fit(design: Floats, hits: Floats, trials: Floats) -> Floats:
    """Return the rates of a binomial logistic regression on the design, shape (groups,), by Newton's method."""
    rate = hits.sum() / trials.sum()
    weights = np.zeros(design.shape[1])
    weights[0] = np.log(rate / (1 - rate))
    penalty = np.full(weights.size, RIDGE)
    penalty[0] = 0.0
    for _ in range(MOST_STEPS):
        chance = 0.5 * (1 + np.tanh(0.5 * (design @ weights)))
        curve = (design.T * (trials * np.maximum(chance * (1 - chance), 1e-10))) @ design + np.diag(penalty)
        step = np.linalg.solve(curve, design.T @ (hits - trials * chance) - penalty * weights)
        # A step of more than 4 on the log odds leaves what the quadratic knows of.
        step *= min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-300))
        weights = weights + step
        if float(np.abs(step).max()) < SETTLED:
            break
    rates: Floats = np.clip(0.5 * (1 + np.tanh(0.5 * (design @ weights))), 1e-9, 1 - 1e-9)
    return rates
