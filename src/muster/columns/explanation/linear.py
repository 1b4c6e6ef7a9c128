"""Linear attribution: what each factor adds to the margin of a linear model, against the mean of a background."""

from __future__ import annotations

from typing import Final

import numpy as np

from muster.columns.arrow import Floats, Integers
from muster.columns.forms import Linear


class LinearAttribution:
    """Exact Shapley values of a linear model: weight times distance from the background's mean, added up by player.

    For a linear model this is what the interventional Shapley value comes to (Lundberg and Lee 2017, corollary 1),
    whether players are single columns or groups of them.

    Parameters
    ----------
    form
        Margin = matrix @ weights + intercept.
    players
        Shape (width,): to which player each column of the matrix belongs, counting from 0, none left out.
    background
        Rows of the matrix that a player's absence stands for, shape (rows, width).
    """

    def __init__(self, form: Linear, players: Integers, background: Floats) -> None:
        self._weights: Final = form.weights
        self.means: Final[Floats] = background.mean(axis=0)
        self.baseline: Final = float(self.means @ form.weights + form.intercept)
        self._order: Final = np.argsort(players, kind="stable")
        self._starts: Final = np.flatnonzero(np.diff(players[self._order], prepend=-1))
        self._plain: Final = bool(np.array_equal(players, np.arange(len(players))))

    def shares(self, matrix: Floats) -> Floats:
        """Return what each player adds to the margin of each row, shape (rows, players)."""
        added: Floats = (matrix - self.means) * self._weights
        return added if self._plain else np.add.reduceat(added[:, self._order], self._starts, axis=1)
