"""Refusals: the refused people of a sample with what counted against them and the reasons they would be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.checks.parameters import whole
from muster.columns.arrow import Bools, Floats, Integers, column_of, first
from muster.columns.explanation.explainer import MOST_BACKGROUND, Attribution, Explaining
from muster.columns.explanation.factors import NOBODY, Factors, adverse, principal
from muster.columns.plan import favourable
from muster.columns.rescoring import rescored
from muster.columns.sample import Sample
from muster.records.model import DecisionRule

ROWS = 1000
"""How many refused people are looked at unless a control says otherwise."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refused people, and the approved ones whom they are explained against; build it with :meth:`of`."""

    model: Explaining
    rule: DecisionRule
    inputs: tuple[str, ...]
    table: pa.Table
    """Refused people, those with the lowest scores first."""
    of_all: int
    """How many were refused in all."""
    approved: pa.Table
    """Approved people, those with the lowest scores first."""
    attribution: Attribution
    against: Floats
    """What each factor counted against each person in log-odds, shape (rows, factors)."""
    reasons: Integers
    """Factors that would be named, the worst first, shape (rows, most); -1 where there are no more."""

    @classmethod
    def of(cls, sample: Sample, parameters: Mapping[str, Any], rows: int = ROWS) -> Refusals:
        """Explain the refused people of a sample, at most ``rows`` of them, evenly spread over their scores.

        Raises
        ------
        ValueError
            If no model that explains itself is beside the sample, it decides otherwise than the sample says, or nobody
            is refused or approved.
        """
        most = whole(parameters, "rows", rows)
        model = sample.rescorer
        if not isinstance(model, Explaining):
            msg = "no model that explains its scores is beside the sample: reasons cannot be given without one"
            raise ValueError(msg)
        refused = ~sample.favourable
        if refused.all() or not refused.any():
            whom = "approved" if refused.all() else "refused"
            msg = f"nobody in sample {sample.name!r} is {whom}: reasons say why one is refused and another is not"
            raise ValueError(msg)
        table, background = _spread(sample, refused, most), _spread(sample, ~refused, MOST_BACKGROUND)
        _agrees(model, table, sample.rule)
        attribution = model.against(background)
        against = adverse(attribution.shares(table), sample.rule)
        reasons = principal(against, model.factors.nameable, model.factors.most)
        count = int(np.count_nonzero(refused))
        return cls(model, sample.rule, sample.inputs, table, count, background, attribution, against, reasons)

    @property
    def factors(self) -> Factors:
        """The model's inputs, grouped."""
        return self.model.factors

    @property
    def rows(self) -> int:
        """How many refused people are looked at."""
        return int(self.table.num_rows)

    @property
    def named(self) -> Bools:
        """Whether each factor would be named to each person, shape (rows, factors)."""
        return sets(self.reasons, len(self.factors.each))

    def method(self, what: str) -> str:
        """Return how figures came about, in sentences."""
        chosen = f"{self.rows} of {self.of_all} refused people, evenly spread over their scores" * (
            self.rows < self.of_all
        )
        return (
            f"{self.model.method}, against {self.approved.num_rows} approved people of the sample; "
            f"{chosen or f'all {self.rows} refused people'}. {what}"
        )


def sets(reasons: Integers, factors: int) -> Bools:
    """Return lists of factors as sets, shape (rows, factors)."""
    found = np.zeros((len(reasons), factors + 1), np.bool_)
    np.put_along_axis(found, np.where(reasons == NOBODY, factors, reasons), values=True, axis=1)
    return found[:, :factors]


def swapped(refusals: Refusals, factors: Bools, background: pa.Table) -> pa.Table:
    """Return every refused person once for each background row, the given factors taken from that row.

    Parameters
    ----------
    factors
        Which factors are taken, shape (rows, factors).
    background
        As many rows as each person is to be tried with.

    Returns
    -------
    The model's inputs, shape (rows * background rows, inputs), person by person.
    """
    own = np.arange(refusals.rows)[:, None]
    theirs = refusals.rows + np.arange(background.num_rows)
    inputs = [name for factor in refusals.factors.each for name in factor.columns]
    pool = pa.concat_tables([refusals.table.select(inputs), background.select(inputs)])
    columns: dict[str, Any] = {}
    for at, factor in enumerate(refusals.factors.each):
        taken = np.where(factors[:, at : at + 1], theirs, own).ravel()
        columns |= {name: pool.column(name).take(taken) for name in factor.columns}
    return pa.table(columns)


def _spread(sample: Sample, chosen: Bools, most: int) -> pa.Table:
    """Return chosen rows by score, at most so many: the same ones in whatever order the sample holds them."""
    rows = np.flatnonzero(chosen)
    keys: dict[str, Any] = {"by score": pa.array(sample.scores[rows])}
    for name in sample.inputs:  # part people with equal scores
        column = column_of(sample.table, name).take(rows)
        keys[name] = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys]).to_numpy()
    return sample.table.take(rows[order[np.linspace(0, rows.size - 1, min(most, rows.size)).astype(np.int64)]])


def _agrees(model: Explaining, table: pa.Table, rule: DecisionRule) -> None:
    approved = favourable(rescored(model, table), rule)
    if approved.any():
        msg = (
            f"the model beside the sample approves {np.count_nonzero(approved)} of {approved.size} people whom the "
            f"sample says were refused (the first is number {first(approved)} by score): it is another model"
        )
        raise ValueError(msg)
