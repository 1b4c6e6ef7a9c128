"""Sampled attribution: what each factor adds to the score of any model that can rescore rows; approximate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Bools, Floats, Integers
from muster.columns.explanation.explainer import Attribution, spread
from muster.columns.explanation.factors import Factors
from muster.columns.rescoring import Rescorer, rescored
from muster.records.policy import ReasonMap

AT_ONCE = 100_000
"""Changed rows that are scored in one call, at most, unless one row alone needs more."""
NEAREST = 1e-12
"""Scores are held so far from 0 and 1, where log-odds end."""


class SampledExplainer:
    """An explainer of any model, by sampled orders of its factors.

    Parameters
    ----------
    rescorer
        The model.
    inputs
        Names of the columns that it reads.
    reasons
        The reason map of its use case.
    rows
        How many background rows are used; each is used with one order of the factors, and with that order reversed
        (antithetic sampling, Mitchell et al. 2022). A row costs ``2 * rows * (factors + 1)`` scores.
    seed
        Of NumPy's PCG64, for the orders.
    """

    def __init__(
        self, rescorer: Rescorer, inputs: Sequence[str], reasons: ReasonMap, *, rows: int = 32, seed: int = 0
    ) -> None:
        self._rescorer: Final = rescorer
        self._inputs: Final = list(inputs)
        self._rows: Final = rows
        self._seed: Final = seed
        self.factors = Factors.of(reasons, inputs)
        self.method = (
            f"Shapley values of the log-odds sampled from {2 * rows} orders of the factors (seed {seed}), factor by "
            f"factor as reason map {reasons.id} groups inputs"
        )

    def __call__(self, table: pa.Table, /) -> Floats:
        """Score rows as the model does."""
        return self._rescorer(table)

    def against(self, background: pa.Table) -> Attribution:
        """Return the sampled attribution against evenly spread rows of these; raise ValueError if there is none."""
        rows = spread(background.select(self._inputs), self._rows)
        orders = np.random.default_rng(self._seed).permuted(
            np.tile(np.arange(len(self.factors.each)), (rows.num_rows, 1)), axis=1
        )
        return _Sampled(self._rescorer, self.factors, rows, np.concatenate((orders, orders[:, ::-1])))


class _Sampled:
    """Walks from background rows to explained rows, one factor after another, and sees what each step changes."""

    def __init__(self, rescorer: Rescorer, factors: Factors, background: pa.Table, orders: Integers) -> None:
        self._rescorer = rescorer
        self._factors = factors
        self._background = background
        self._orders = orders
        self.baseline = float(margins(rescored(rescorer, background)).mean())
        count = len(factors.each)
        place = np.argsort(orders, axis=1)  # when a factor's turn comes in each order
        steps: Bools = place[:, None, :] < np.arange(count + 1)[None, :, None]
        self._swapped = steps.reshape(-1, count)

    def shares(self, table: pa.Table) -> Floats:
        rows = table.select(self._background.column_names)
        size = max(1, AT_ONCE // len(self._swapped))
        parts = [self._some(rows.slice(at, size)) for at in range(0, rows.num_rows, size)]
        return np.concatenate([np.empty((0, len(self._factors.each))), *parts])

    def _some(self, rows: pa.Table) -> Floats:
        walks, steps = self._orders.shape[0], self._orders.shape[1] + 1
        pool = pa.concat_tables([rows, self._background], promote_options="permissive")
        behind = rows.num_rows + np.repeat(np.arange(walks) % self._background.num_rows, steps)
        ahead = np.arange(rows.num_rows)[:, None]
        mixed: dict[str, Any] = {}
        for at, factor in enumerate(self._factors.each):
            taken = np.where(self._swapped[:, at], ahead, behind).ravel()
            mixed |= {name: pool.column(name).take(taken) for name in factor.columns}
        found = margins(rescored(self._rescorer, pa.table(mixed))).reshape(rows.num_rows, walks, steps)
        changes = np.diff(found, axis=2)
        back = np.argsort(self._orders, axis=1)[None]
        return np.asarray(np.take_along_axis(changes, np.broadcast_to(back, changes.shape), axis=2).mean(axis=1))


def margins(scores: Floats) -> Floats:
    """Return the log-odds of scores; 0 and 1 are taken as a billionth of a thousandth from it."""
    held = np.clip(scores, NEAREST, 1 - NEAREST)
    return np.asarray(np.log(held) - np.log1p(-held))
