"""Sampled attribution: what each factor adds to the score of any model that can rescore rows; approximate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Floats
from muster.columns.explanation.explainer import Attribution, Explainer, Explaining
from muster.columns.explanation.factors import Factors
from muster.columns.explanation.reading import read_served
from muster.columns.explanation.sampling.coalitions import Coalitions, margins, orders_of
from muster.columns.explanation.sampling.references import REFERENCES, references_of
from muster.columns.rescoring import AskedRescorer, PlanRescorer, Rescorer, rescored
from muster.ports.predictor import Predictor
from muster.records.policy import ReasonMap

AT_ONCE = 20_000
"""Mixed rows that are scored in one call, at most, unless one row alone needs more."""


class SampledExplainer:
    """An explainer of any model: it scores rows that are mixed of the explained one and made-up references.

    Gateways give reasons by the same references, the same mixed rows and the same sums.

    Parameters
    ----------
    rescorer
        The model.
    inputs
        Names of the columns that it reads.
    reasons
        The reason map of its use case.
    """

    def __init__(self, rescorer: Rescorer, inputs: Sequence[str], reasons: ReasonMap) -> None:
        self.rescorer: Final = rescorer
        self._inputs: Final = list(inputs)
        self.factors = Factors.of(reasons, inputs)
        count = len(self.factors.each)
        orders = orders_of(count, REFERENCES)
        self.coalitions: Final = Coalitions(count, REFERENCES, orders)
        how = "all mixed rows" if orders is None else f"{len(orders)} orders of the factors"
        self.method = (
            f"Shapley values of the log-odds against {REFERENCES} made-up applicants, with columns spread as those of "
            f"approved people are, from {how} ({len(self.coalitions)} scores a row), factor by factor as reason map "
            f"{reasons.id} groups inputs"
        )

    def __call__(self, table: pa.Table, /) -> Floats:
        """Return P(target == positive) for each row."""
        return rescored(self.rescorer, table)

    def references(self, approved: pa.Table) -> pa.Table:
        """Return the made-up applicants who stand for approved people."""
        return references_of(approved, self._inputs)

    def against(self, background: pa.Table) -> Attribution:
        """Return what attributes margins against references made of these rows; one at least."""
        return _Sampled(self.rescorer, self.factors, self.coalitions, self.references(background))


class _Sampled:
    """Scores mixed rows, for many explained rows at a time."""

    def __init__(self, rescorer: Rescorer, factors: Factors, coalitions: Coalitions, references: pa.Table) -> None:
        self._rescorer, self._factors = rescorer, factors
        self._coalitions, self._references = coalitions, references
        self._theirs = margins(rescored(rescorer, references))
        self.baseline = float(self._theirs.mean())

    def shares(self, table: pa.Table) -> Floats:
        rows = table.select(self._references.column_names)
        size = max(1, AT_ONCE // max(len(self._coalitions), 1))
        parts = [self._some(rows.slice(at, size)) for at in range(0, rows.num_rows, size)]
        return np.concatenate([np.empty((0, len(self._factors.each))), *parts])

    def _some(self, rows: pa.Table) -> Floats:
        own = margins(rescored(self._rescorer, rows))
        mixed = np.empty((rows.num_rows, 0))
        if len(self._coalitions):
            found = rescored(self._rescorer, mixed_rows(rows, self._references, self._factors, self._coalitions))
            mixed = margins(found).reshape(rows.num_rows, len(self._coalitions))
        each = (self._coalitions.shares(*pair, self._theirs) for pair in zip(mixed, own.tolist(), strict=True))
        return np.array(list(each))


def mixed_rows(rows: pa.Table, references: pa.Table, factors: Factors, coalitions: Coalitions) -> pa.Table:
    """Return the mixed rows of each row, one row after the other."""
    pool = pa.concat_tables([rows, references], promote_options="permissive")
    ahead, behind = np.arange(rows.num_rows)[:, None], rows.num_rows + coalitions.behind
    mixed: dict[str, Any] = {}
    for at, factor in enumerate(factors.each):
        taken = np.where(coalitions.swapped[:, at], ahead, behind).ravel()
        mixed |= {name: pool.column(name).take(taken) for name in factor.columns}
    return pa.table(mixed)


def explainer_of(artifact: bytes, predictor: Any, reasons: ReasonMap, *, original: bool) -> Explaining:
    """Return what explains a served model: exactly where its shares can be worked out, else by mixed rows.

    Parameters
    ----------
    predictor
        Loaded from the artifact.
    original
        Whether its own library, or a graph as given, serves it.

    Raises
    ------
    ValueError
        Where the artifact is none that muster's compiler writes.
    """
    plan = predictor.plan
    names = [column.name for column in plan.columns]
    if original:
        return SampledExplainer(AskedRescorer(predictor), names, reasons)
    try:
        return _exact(artifact, predictor, reasons)
    except ValueError:
        if not (plan.head or plan.mixes):  # with one of them it may be a network, or mix inputs of several factors
            raise
    return SampledExplainer(PlanRescorer(plan, predictor), names, reasons)


def _exact(artifact: bytes, predictor: Predictor, reasons: ReasonMap) -> Explainer:
    found = Explainer(*read_served(artifact), predictor, reasons)
    found.factors.players(found.plan)
    return found
