"""Parity: the original model and its served form on the same rows, decision by decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoder import Encoder
from muster.columns.forms import Form
from muster.columns.mixing.encoder import MixingEncoder, encoder_of
from muster.columns.plan import Plan, favourable
from muster.columns.proof.adversarial import Rows, adversarial
from muster.columns.row.limits import ScoresPlainly, widest
from muster.ports.predictor import Predictor

_ALONE = 256
"""Evaluation rows that are also sent one by one, as most requests come."""


@dataclass(frozen=True, slots=True)
class Parity:
    """What was compared, and how far original and served form were apart."""

    rows: int
    """All rows, adversarial ones included."""
    adversarial_rows: int
    decisions_differing: int
    largest_score_difference: float
    scores_differing: int
    """Rows whose scores differ in any bit."""


def parity(
    original: Callable[[Rows], NDArray[np.float64]], predictor: Predictor, plan: Plan, form: Form, rows: Rows
) -> Parity:
    """Compare on all rows and on adversarial ones made from them.

    Parameters
    ----------
    original
        Scores of the original library for raw rows.
    predictor, plan
        The served form, as the gateway will load it.
    form
        What it was compiled from; tells where differences could hide.
    rows
        Evaluation rows by column; not those that the model was trained on.

    Raises
    ------
    ValueError
        Where there are no rows, or either side cannot score them: then nothing is proved.
    """
    encoder = encoder_of(plan, unknown="unknown")
    count = len(rows[plan.columns[0].name])
    made = adversarial(plan, form, rows)
    together = {name: np.concatenate([np.asarray(rows[name]), made[name]]) for name in made}
    wanted, got = original(together), predictor.scores(encoder.encode(together))
    _require_alone(predictor, plan, together, got)
    alone = _one_by_one(encoder, predictor, rows, min(count, _ALONE))
    wanted = np.concatenate([wanted, wanted[: len(alone)]])
    got = np.concatenate([got, alone])
    differing = favourable(wanted, plan.decision) != favourable(got, plan.decision)
    total = len(wanted) - len(alone)
    apart = np.zeros(total, bool)
    np.logical_or.at(apart, np.arange(len(wanted)) % total, differing)
    moved = np.abs(wanted - got)
    return Parity(
        rows=total,
        adversarial_rows=total - count,
        decisions_differing=int(apart.sum()),
        largest_score_difference=float(moved.max()),
        scores_differing=int((moved[:total] > 0).sum()),
    )


def _require_alone(predictor: Predictor, plan: Plan, rows: Rows, scores: NDArray[np.float64]) -> None:
    """Raise ValueError where the short way of plain rows gives one of them another score, in any bit."""
    score = predictor.plainly(widest(plan.encodings)) if isinstance(predictor, ScoresPlainly) else None
    if score is None:
        return
    columns = [_listed(np.asarray(rows[column.name])) for column in plan.columns]
    for at, (values, wanted) in enumerate(zip(zip(*columns, strict=True), scores.tolist(), strict=True)):
        try:
            found = score(values)
        except (KeyError, TypeError):  # not plain
            continue
        if found is not None and found != wanted:
            msg = f"row {at} of those that are compared is scored otherwise by itself than among others"
            raise ValueError(msg)


def _listed(values: NDArray[Any]) -> list[Any]:
    """Return values as requests bring them: None where one is missing."""
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - only NaN differs


def _one_by_one(encoder: Encoder | MixingEncoder, predictor: Predictor, rows: Rows, count: int) -> NDArray[np.float64]:
    plain: dict[str, list[Any]] = {name: np.asarray(rows[name])[:count].tolist() for name in encoder.names}
    single = [predictor.scores(encoder.encode({name: [plain[name][row]] for name in plain})) for row in range(count)]
    return np.concatenate([np.empty(0), *single])
