"""Explainer: a model that scores rows and says what moved its scores, factor by factor, against a background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Floats
from muster.columns.encoder import Unknown
from muster.columns.explanation.factors import Factors, adverse, principal
from muster.columns.explanation.headed import BENDING, attributed, trimmed
from muster.columns.forms import Form
from muster.columns.plan import Plan
from muster.columns.rescoring import PlanRescorer
from muster.ports.predictor import Predictor
from muster.records.model import DecisionRule
from muster.records.policy import ReasonMap

MOST_BACKGROUND = 2000
"""Rows of a background at most; of more, as many are taken, evenly spread."""


class Attribution(Protocol):
    """Says what each factor adds to the margin (log-odds) of rows, against one background."""

    baseline: float
    """Mean margin of the background."""

    def shares(self, table: pa.Table, /) -> Floats:
        """Return shares of shape (rows, factors); with the baseline they add up to each row's margin."""
        ...


@runtime_checkable
class Explaining(Protocol):
    """A rescorer that can also say what moved the scores: put it beside a sample, and it can be asked for reasons."""

    factors: Factors
    method: str
    """How shares are found, in a sentence for evidence."""

    def __call__(self, table: pa.Table, /) -> Floats:
        """Return P(target == positive) for each row, as ``Rescorer`` says."""
        ...

    def against(self, background: pa.Table) -> Attribution:
        """Return what attributes margins against these rows, such as those of approved people; one at least."""
        ...


class Explainer(PlanRescorer):
    """The exact explainer of a served artifact; it reads no other file.

    Parameters
    ----------
    plan, form
        As ``muster.columns.explanation.reading.read_served`` gives them.
    predictor
        Loaded from the same artifact.
    reasons
        The reason map of its use case.
    unknown
        As in ``PlanRescorer``.
    """

    def __init__(
        self, plan: Plan, form: Form, predictor: Predictor, reasons: ReasonMap, unknown: Unknown = "refuse"
    ) -> None:
        super().__init__(plan, predictor, unknown)
        self.form: Final = form
        self.factors = Factors.of(reasons, [column.name for column in plan.columns])
        self.method = f"{told(plan)}, factor by factor as reason map {reasons.id} groups inputs"

    def against(self, background: pa.Table) -> Attribution:
        """Return the exact attribution against these rows; raise ValueError if there is none or one cannot be read."""
        return _Encoded(self, spread(background, MOST_BACKGROUND))


def told(plan: Plan) -> str:
    """Say in words what shares of a model are."""
    if not plan.head:
        return "Exact Shapley values of the log-odds"
    if not any(link.op in BENDING for link in trimmed(plan.head)):
        return "Exact Shapley values of the score before its last link"
    return "Exact Shapley values of each member, carried through the head by the rescale rule"


class _Encoded:
    """Attribution over the matrix that the plan makes of a table."""

    def __init__(self, explainer: Explainer, background: pa.Table) -> None:
        self._explainer = explainer
        players = explainer.factors.players(explainer.plan)
        self._attribution = attributed(explainer.form, players, explainer.matrix(background))
        self.baseline = self._attribution.baseline

    def shares(self, table: pa.Table) -> Floats:
        return self._attribution.shares(self._explainer.matrix(table))


def spread(table: pa.Table, most: int) -> pa.Table:
    """Return at most so many rows, evenly spread over the table; raise ValueError if it has none."""
    if table.num_rows == 0:
        msg = "there is no row to explain against: a background of one person at least is needed"
        raise ValueError(msg)
    if table.num_rows <= most:
        return table
    return table.take(np.linspace(0, table.num_rows - 1, most).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a refusal: which factor, in which words, and how many log-odds it counted against the person."""

    factor: str
    statement: str
    against: float


def reasons_for(
    factors: Factors, attribution: Attribution, table: pa.Table, rule: DecisionRule
) -> tuple[tuple[Reason, ...], ...]:
    """Return the reasons for each row, whatever was decided: at most as many as the map says, the worst first.

    Raises
    ------
    ValueError
        If a row cannot be read, naming column and row.
    """
    against = adverse(attribution.shares(table), rule)
    found = principal(against, factors.nameable, factors.most)
    return tuple(
        tuple(
            Reason(factors.each[at].id, factors.each[at].statement, float(against[row, at])) for at in places if at >= 0
        )
        for row, places in enumerate(found.tolist())
    )
