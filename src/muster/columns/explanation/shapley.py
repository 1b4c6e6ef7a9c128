"""Shapley values of one leaf: who brings a row to it, when absent players are those of background rows.

A leaf is a game of few players: those whose columns stand on its path. Which of them keep a row out of the leaf is one
bit pattern. With the players of a set from the row and all others from a background row, the leaf is reached when none
of the former keeps the row out and none of the latter the background row. So the game between two rows depends on two
patterns alone, and its Shapley value on how many players each has (Lundberg et al. 2020, interventional TreeSHAP);
patterns instead of recursion follow Nadel and Wettenstein 2025.
"""

from __future__ import annotations

from math import comb

import numpy as np

from muster.columns.arrow import Floats, Integers

MOST_PLAYERS = 62
"""More players on one path do not fit a bit pattern."""

_SIZES = range(MOST_PLAYERS + 1)
_GAIN = np.array([[1 / (p * comb(p + n, p)) if p else 0.0 for n in _SIZES] for p in _SIZES])
"""What a player adds who lets the row in and keeps the background row out: (p-1)! n! / (p+n)!, for p such and n of
the other kind."""


def leaf_shares(rows: Integers, background: Integers, counts: Integers, players: int) -> Floats:
    """Return how much each player brings each row to the leaf, on average over background rows.

    Parameters
    ----------
    rows
        Patterns of rows, shape (n,): bit i is set where player i keeps the row out of the leaf.
    background
        Different patterns of background rows, shape (m,).
    counts
        How many background rows have each pattern, shape (m,).
    players
        How many players stand on the leaf's path, at most 62.

    Returns
    -------
    Shape (n, players), between -1 and 1: changes of the chance to be in the leaf.
    """
    together = (rows[:, None] & background) == 0  # else one player keeps both out, and the leaf is never reached
    against, kept_out = np.bitwise_count(rows), np.bitwise_count(background)
    part = np.where(together, counts / counts.sum(), 0.0)
    bits = np.arange(players)
    gains: Floats = (part * _GAIN[kept_out, against[:, None]]) @ ((background[:, None] >> bits) & 1).astype(np.float64)
    losses = (part * _GAIN[against[:, None], kept_out]).sum(axis=1)
    taken: Floats = ((rows[:, None] >> bits) & 1) * losses[:, None]
    return gains - taken
