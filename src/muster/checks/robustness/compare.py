"""Before and after: the same rows scored as they are and as they were changed, and what became of the decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muster.checks.figures import proportion
from muster.checks.parameters import whole
from muster.checks.rescored import SEED, decide, furthest, inputs_of, model_of
from muster.checks.robustness.changes import Change, apply
from muster.columns.arrow import Bools, Floats, Integers, column_of, floats, is_number, texts
from muster.columns.rescoring import Refusing, Rescorer, rescored
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import mean
from muster.records.evidence import Figure
from muster.records.model import DecisionRule

MOST_ROWS = 2000
MOST_RANKED = 100_000

ACCOUNT = (
    "{rows} rows{chosen} were scored again by the same model. Shares are of all these rows, with Wilson's intervals: a "
    "row that the model refuses gets no decision, so that it counts as refused and not as changed. The shift is the "
    "mean change of the score of rows that were scored, with a normal interval."
)
"""How figures come about, for the methods of all checks here."""


@dataclass(frozen=True, slots=True)
class Before:
    """Rows as they are, in an order that depends on their values only, with their scores and decisions."""

    table: pa.Table
    scores: Floats
    rule: DecisionRule
    rescorer: Rescorer
    method: str

    @property
    def favourable(self) -> Bools:
        """Whether each row gets the favourable decision."""
        return decide(self.rule, self.scores)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numeric inputs."""
        return tuple(name for name in self.table.column_names if is_number(column_of(self.table, name).type))

    @property
    def categories(self) -> tuple[str, ...]:
        """The inputs that hold text."""
        kinds = {name: column_of(self.table, name).type for name in self.table.column_names}
        return tuple(name for name, kind in kinds.items() if not (is_number(kind) or pa.types.is_boolean(kind)))


def before(sample: Sample, parameters: Mapping[str, Any], most: int = MOST_ROWS) -> Before:
    """Choose at most ``rows`` rows (a parameter) and score them as they are.

    Raises
    ------
    ValueError
        If the sample has no rows, no model beside it, does not say what the model reads, or the model beside it gives
        other scores than the sample has: it is then another model.
    """
    wanted, scores = whole(parameters, "rows", most), sample.scores
    model, inputs = model_of(sample), sample.table.select(list(inputs_of(sample)))
    order = _by_value(inputs, scores)
    if order.size > wanted:
        order = order[np.sort(np.random.default_rng(SEED).choice(order.size, size=wanted, replace=False))]
    table, own = inputs.take(order), scores[order]
    if (found := furthest(model, table, own)) is not None:
        place, apart = found
        msg = (
            f"the model beside the sample gives row {int(order[place])} (rows count from 0) a score that is {apart:g} "
            "off the sample's: it is not the model that scored the sample"
        )
        raise ValueError(msg)
    chosen = f", chosen by seed {SEED} of {sample.rows}," if order.size < sample.rows else ""
    return Before(table, own, sample.rule, model, ACCOUNT.format(rows=order.size, chosen=chosen))


def after(rows: Before, changes: Sequence[Change], group: str) -> Iterator[Figure]:
    """Yield what changes do to the decisions: shares changed, changed to adverse and refused, and the mean shift."""
    scores = scored(rows.rescorer, apply(rows.table, changes))
    refused = np.isnan(scores)
    was, is_now = rows.favourable, decide(rows.rule, scores)
    changed, total = (was != is_now) & ~refused, scores.size
    yield proportion("decision_change_share", int(np.count_nonzero(changed)), total, group)
    yield proportion("adverse_change_share", int(np.count_nonzero(changed & was)), total, group)
    yield proportion("refused_share", int(np.count_nonzero(refused)), total, group)
    shift = (scores - rows.scores)[~refused]
    if shift.size > 1:
        value, low, high = mean(shift)
        yield Figure("mean_score_shift", value, shift.size, low, high, group)


def scored(rescorer: Rescorer, table: pa.Table) -> Floats:
    """Return the score of each row, NaN where the model refuses it.

    One strange row makes a model refuse the whole table. A model that can say which rows it refuses is asked; of any
    other, halves are tried until the rows concerned are found.
    """
    found = np.full(table.num_rows, np.nan)
    taken = ~rescorer.refused(table) if isinstance(rescorer, Refusing) else np.ones(table.num_rows, dtype=np.bool_)
    found[taken] = _tried(rescorer, table if taken.all() else table.filter(pa.array(taken)))
    return found


def _tried(rescorer: Rescorer, table: pa.Table) -> Floats:
    if table.num_rows == 0:
        return np.empty(0)
    try:
        return rescored(rescorer, table)
    except ValueError:
        if table.num_rows == 1:
            return np.full(1, np.nan)
    half = table.num_rows // 2
    return np.concatenate((_tried(rescorer, table.slice(0, half)), _tried(rescorer, table.slice(half))))


def _by_value(table: pa.Table, scores: Floats) -> Integers:
    """Return an order of rows that is the same however they came: by the rank of every column.

    Of very many rows every so many in the order of scores are ranked, not all.
    """
    thin = np.argsort(scores, kind="stable")[:: max(1, scores.size // MOST_RANKED)].astype(np.int64)
    few = table.take(thin)
    ranks = [
        np.unique(floats(few, name), return_inverse=True)[1]
        if is_number(column_of(few, name).type)
        else np.asarray(pc.rank(texts(few, name), tiebreaker="dense").to_numpy())
        for name in few.column_names
    ]
    return thin[np.lexsort(ranks)]
