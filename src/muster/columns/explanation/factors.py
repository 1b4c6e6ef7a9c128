"""Factors: the inputs of a model grouped as its reason map groups them, and which of them are reasons for a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muster.columns.arrow import Bools, Floats, Integers
from muster.columns.plan import Plan
from muster.records.model import DecisionRule, Favourable
from muster.records.policy import Factor, ReasonMap

LEAST = 1e-9
"""Shares of less log-odds than this are rounding, and no reason."""
NOBODY = -1
"""Stands where a row has fewer reasons than there are places."""


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors that one model reads, in the order of the reason map; build it with :meth:`of`.

    An input that the map does not hold is a factor of its own without a statement, which is never named.
    """

    each: tuple[Factor, ...]
    most: int
    unmapped: tuple[str, ...]
    """Inputs that the map does not hold."""

    @classmethod
    def of(cls, reasons: ReasonMap, inputs: Sequence[str]) -> Factors:
        """Group a model's inputs.

        Parameters
        ----------
        reasons
            Factors whose columns the model does not read are left aside.
        inputs
            Names of the columns that the model reads.
        """
        each = [
            Factor(known.id, read, known.statement, known.nameable, known.changeable)
            for known in reasons.factors
            if (read := tuple(name for name in known.columns if name in inputs))
        ]
        held = {name for factor in each for name in factor.columns}
        unmapped = tuple(name for name in inputs if name not in held)
        alone = (Factor(name, (name,), "", nameable=False) for name in unmapped)
        return cls((*each, *alone), reasons.most, unmapped)

    @property
    def nameable(self) -> Bools:
        """Whether each factor may be given as a reason, shape (factors,)."""
        return np.array([factor.nameable and bool(factor.statement.strip()) for factor in self.each], np.bool_)

    def players(self, plan: Plan) -> Integers:
        """Return to which factor each column of the plan's matrix belongs, shape (width,).

        Raises
        ------
        ValueError
            Where a column is made of inputs of several factors.
        """
        place = {name: at for at, factor in enumerate(self.each) for name in factor.columns}
        of = [place[encoding.column.name] for encoding in plan.encodings]
        found = [{of[number] for number in each} for each in plan.sources]
        if any(len(each) != 1 for each in found):
            msg = "no exact reasons can be worked out where columns are made of inputs of several factors"
            raise ValueError(msg)
        return np.array([factor for each in found for factor in each], np.int64)


def adverse(shares: Floats, rule: DecisionRule) -> Floats:
    """Return shares with the sign that more than 0 is what counted against the person; the shape stays."""
    return shares if rule.favourable is Favourable.BELOW else -shares


def principal(against: Floats, allowed: Bools, most: int) -> Integers:
    """Return the factors that counted most against each person, the worst first.

    Parameters
    ----------
    against
        What :func:`adverse` gives, shape (rows, factors).
    allowed
        Factors that may be taken, shape (factors,).
    most
        How many at most.

    Returns
    -------
    Places of factors, shape (rows, most); -1 where there are no more that counted against the person. Of equal shares
    the one that stands first in the map comes first.
    """
    taken = np.where(allowed & (against > LEAST), np.round(against, 9), 0.0)
    order = np.argsort(-taken, axis=1, kind="stable")[:, :most]
    found = np.where(np.take_along_axis(taken, order, axis=1) > 0.0, order, NOBODY)
    spare = most - found.shape[1]
    return np.pad(found, ((0, 0), (0, spare)), constant_values=NOBODY) if spare > 0 else found
