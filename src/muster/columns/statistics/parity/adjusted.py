"""Odds adjusted for controls: logistic regression without penalty, with the errors of its weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muster.columns.arrow import Bools, Floats
from muster.columns.statistics.intervals import Z
from muster.columns.statistics.logistic import fit

WIDEST = 20.0
"""Log odds with an error beyond this mean that decisions are told perfectly: the likelihood has no maximum."""

BLOCK = 10_000


@dataclass(frozen=True, slots=True)
class Weights:
    """Log odds of each column with their standard errors, shape (columns,)."""

    values: Floats
    errors: Floats

    @property
    def odds(self) -> tuple[Floats, Floats, Floats]:
        """Odds ratio of each column with its 95 % Wald interval."""
        half = Z * self.errors
        return np.exp(self.values), np.exp(self.values - half), np.exp(self.values + half)


def weigh(matrix: Floats, labels: Bools, asked: int | None = None) -> Weights:
    """Fit log odds of the labels on the columns and an intercept by maximum likelihood.

    Errors come from the inverse of the observed information (McCullagh and Nelder 1989, section 4.4).

    Parameters
    ----------
    matrix
        Shape (rows, columns), finite, no column determined by others.
    asked
        Weights of so many first columns are returned (all). The others may run off to infinity, as that of an
        indicator whose few rows all have one label: at its limit it takes these rows out, and harms no other weight.

    Raises
    ------
    ValueError
        If there are no more rows than weights, or the columns asked about tell the labels perfectly.
    """
    if len(matrix) <= matrix.shape[1] + 1:
        msg = f"{len(matrix)} rows are too few for {matrix.shape[1] + 1} weights"
        raise ValueError(msg)
    weights = fit(matrix, labels, ridge=0.0)
    information = np.zeros((weights.size, weights.size))
    for start in range(0, len(matrix), BLOCK):
        block = np.column_stack((matrix[start : start + BLOCK], np.ones(len(matrix[start : start + BLOCK]))))
        chance = 0.5 * (1.0 + np.tanh(0.5 * (block @ weights)))
        information += (block.T * (chance * (1 - chance))) @ block
    try:
        errors = np.sqrt(np.maximum(np.diag(np.linalg.inv(information)), 0.0))
    except np.linalg.LinAlgError:
        errors = np.full(weights.size, np.inf)
    values, errors = weights[:-1][:asked], errors[:-1][:asked]
    if not (np.isfinite(errors).all() and (errors < WIDEST).all()):
        msg = "the columns tell the decision perfectly, so that odds have no bounds: use fewer controls or more rows"
        raise ValueError(msg)
    return Weights(values, errors)
