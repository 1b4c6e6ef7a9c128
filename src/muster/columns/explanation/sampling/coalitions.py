"""Coalitions: which mixed rows are scored to explain one, and what each score counts for each factor.

A mixed row has some factors from the explained row and all others from a reference. Shapley values are weighted sums of
the scores of such rows. With few factors all of them are scored, and the values are exact; with more, factors are
swapped one after the other in some orders, each also reversed (antithetic sampling, Mitchell et al. 2022). Which rows
they are does not depend on the row that is explained: the same row gets the same shares, always.
"""

from __future__ import annotations

from math import comb
from typing import Final

import numpy as np

from muster.columns.arrow import Bools, Floats, Integers

MOST: Final = 512
"""Mixed rows at most for a row that is explained, or two for each factor where there are more factors than that."""
NEAREST: Final = 1e-12
"""Scores are held so far from 0 and 1, where log-odds end."""
_SEED: Final = 0


class Coalitions:
    """The mixed rows of one game, and their weights.

    Parameters
    ----------
    factors, references
        How many there are.
    orders
        Orders of the factors, shape (orders, factors), each of the next reference; none: all mixed rows are scored.
    """

    def __init__(self, factors: int, references: int, orders: Integers | None = None) -> None:
        self.factors: Final = factors
        self._references: Final = references
        made = _all(factors, references) if orders is None else _walked(orders, references)
        inner = np.array([0 < sum(mask) < factors for mask, _ in made], bool)
        kept = [key for key, is_inner in zip(made, inner, strict=True) if is_inner]
        self.swapped: Final[Bools] = np.array([mask for mask, _ in kept], np.bool_).reshape(-1, factors)
        """Which factors of each mixed row are those of the explained row, shape (mixed rows, factors)."""
        self.behind: Final[Integers] = np.array([reference for _, reference in kept], np.int64)
        """Which reference the others are from, shape (mixed rows,)."""
        self._weights: Final[Floats] = np.array([made[key] for key in kept]).reshape(-1, factors)
        whole, none = (True,) * factors, (False,) * factors
        self._own: Final[Floats] = np.sum(
            [made.get((whole, at), np.zeros(factors)) for at in range(references)], axis=0
        )
        self._theirs: Final[Floats] = np.array([made.get((none, at), np.zeros(factors)) for at in range(references)])

    def __len__(self) -> int:
        """Return how many mixed rows are scored for each row that is explained."""
        return len(self.swapped)

    def shares(self, mixed: Floats, own: float, theirs: Floats) -> Floats:
        """Return what each factor adds to the margin of one row, shape (factors,).

        Parameters
        ----------
        mixed, own, theirs
            Margins of the mixed rows, of the explained row, and of the references.
        """
        return np.asarray(mixed @ self._weights + own * self._own + theirs @ self._theirs)


def orders_of(factors: int, references: int) -> Integers | None:
    """Return the orders in which so many factors are swapped; None where all mixed rows are few enough to be scored."""
    if factors < 2 or (factors < 20 and references * (2**factors - 2) <= MOST):
        return None
    pairs = max(1, MOST // (2 * (factors - 1)))
    pairs = max(pairs - pairs % references, min(pairs, references))  # as many for each reference, where there is room
    rng = np.random.default_rng(_SEED)
    drawn = rng.permuted(np.tile(np.arange(factors), (pairs, 1)), axis=1)
    return np.concatenate((drawn, drawn[:, ::-1])).astype(np.int64)


def margins(scores: Floats) -> Floats:
    """Return the log-odds of scores; 0 and 1 are taken as a billionth of a thousandth from it."""
    held = np.clip(scores, NEAREST, 1 - NEAREST)
    return np.asarray(np.log(held) - np.log1p(-held))


_Rows = dict[tuple[tuple[bool, ...], int], Floats]
"""By which factors are swapped and which reference is behind, what the margin counts for each factor."""


def _all(factors: int, references: int) -> _Rows:
    made: _Rows = {}
    for number in range(2**factors):
        mask = tuple(bool(number >> bit & 1) for bit in range(factors))
        size = sum(mask)
        gain = 1 / (size * comb(factors, size)) if size else 0.0
        loss = 1 / ((factors - size) * comb(factors, size)) if size < factors else 0.0
        weight = np.where(mask, gain, -loss) / references
        made |= {(mask, reference): weight for reference in range(references)}
    return made


def _walked(orders: Integers, references: int) -> _Rows:
    """Walk each order from a reference to the row; the same mixed row on two walks is scored once."""
    made: _Rows = {}
    walks, factors = orders.shape
    for walk, order in enumerate(orders.tolist()):
        reference = walk % (walks // 2) % references  # an order and its reverse have the same
        mask = [False] * factors
        for factor in order:
            _add(made, tuple(mask), reference, factor, -1 / walks)
            mask[factor] = True
            _add(made, tuple(mask), reference, factor, 1 / walks)
    return made


def _add(made: _Rows, mask: tuple[bool, ...], reference: int, factor: int, weight: float) -> None:
    made.setdefault((mask, reference), np.zeros(len(mask)))[factor] += weight
