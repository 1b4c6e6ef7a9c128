"""Confusion counts of decisions and what is made of them, for one table or for many draws of it at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muster.columns.arrow import Bools, Floats

DRAWS = 4000
SEED = 20240229
"""Fixed, so that the same counts give the same interval to the last bit."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts or shares of true and false positives and negatives, arrays of one shape."""

    tp: Floats
    fp: Floats
    fn: Floats
    tn: Floats

    @classmethod
    def of(cls, predicted: Bools, labels: Bools) -> Confusion:
        """Count rows; both of shape (rows,)."""
        tp = np.count_nonzero(predicted & labels)
        fp, fn = np.count_nonzero(predicted) - tp, np.count_nonzero(labels) - tp
        return cls(*(np.asarray(count, dtype=np.float64) for count in (tp, fp, fn, labels.size - tp - fp - fn)))

    def f(self, beta: float = 1.0) -> Floats:
        """Return F-beta: recall counts beta times as much as precision; 0 where nothing is right (van Rijsbergen)."""
        hits = (1 + beta**2) * self.tp
        return _share(hits, hits + beta**2 * self.fn + self.fp)

    @property
    def matthews(self) -> Floats:
        """Return the correlation of decisions and labels (Matthews 1975); 0 where either is constant."""
        margins = (self.tp + self.fp) * (self.tp + self.fn) * (self.tn + self.fp) * (self.tn + self.fn)
        return _share(self.tp * self.tn - self.fp * self.fn, np.sqrt(margins))

    @property
    def balanced(self) -> Floats:
        """Return the mean of true positive and true negative rate."""
        return (_share(self.tp, self.tp + self.fn) + _share(self.tn, self.tn + self.fp)) / 2

    @property
    def kappa(self) -> Floats:
        """Return the agreement beyond chance (Cohen 1960)."""
        n = self.tp + self.fp + self.fn + self.tn
        chance = ((self.tp + self.fp) * (self.tp + self.fn) + (self.fn + self.tn) * (self.fp + self.tn)) / n**2
        return _share((self.tp + self.tn) / n - chance, 1 - chance)

    def drawn(self) -> Confusion:
        """Return tables as they could be in the population: draws of the posterior with half a count in each cell.

        Jeffreys' prior keeps width where a cell is empty, which a bootstrap of the counts does not.
        """
        cells = np.stack([self.tp, self.fp, self.fn, self.tn])
        return Confusion(*np.random.default_rng(SEED).dirichlet(cells + 0.5, size=DRAWS).T)


def around(value: float, drawn: Floats) -> tuple[float, float]:
    """Return the 95 % interval of draws, shape (draws,), widened to the value where it lies outside."""
    low, high = np.quantile(drawn, (0.025, 0.975))
    return min(float(low), value), max(float(high), value)


def _share(part: Floats, whole: Floats) -> Floats:
    share: Floats = np.divide(part, whole, out=np.zeros_like(whole), where=whole != 0)
    return share
