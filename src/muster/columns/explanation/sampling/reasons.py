"""Sampled reasons: what a gateway needs to give reasons by mixed rows, and how it does so.

The file holds the made-up references, the orders, and what the model said of the references, by which a gateway sees
that it is of the very model that serves. All mixed rows of one explained row are one call of the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Floats
from muster.columns.explanation.factors import NOBODY, Factors, adverse, principal
from muster.columns.explanation.header import SAMPLED, Header, opened
from muster.columns.explanation.sampling.coalitions import Coalitions, margins, orders_of
from muster.columns.mixing.encoder import MixingEncoder, encoder_of
from muster.columns.plan import Plan
from muster.records.canonical import canonical
from muster.records.policy import ReasonMap

NEAR: Final = 1e-6
"""By how much scores of the references may differ: a library answers otherwise in another process, by rounding."""


def pack_sampled(header: Header, factors: int, references: pa.Table, scores: Floats) -> bytes:
    """Write an explanation by mixed rows.

    Parameters
    ----------
    factors
        How many there are.
    references, scores
        Made-up applicants, and what the model says of them.
    """
    orders = orders_of(factors, references.num_rows)
    said: dict[str, Any] = {"format": SAMPLED, **{name: getattr(header, name) for name in Header.__slots__}}
    said["references"] = references.to_pydict()
    said["orders"] = [] if orders is None else orders.tolist()
    said["scores"] = scores.tolist()
    return canonical(said)


class _Game(Protocol):
    """Scores references, and the mixed rows of explained ones."""

    def theirs(self) -> Floats:
        """Return the scores of the references."""
        ...

    def of(self, encoded: Any, row: int) -> tuple[float, Floats]:
        """Return the scores of an explained row and of its mixed rows."""
        ...


class SampledReasons:
    """Gives reason codes for encoded rows by mixed rows, as one explanation and one reason map say.

    Parameters
    ----------
    model
        The one that serves: it has ``plan``, ``encoder`` and ``scores``, and ``answers`` where raw rows are asked.
    reasons
        The governed map; its factors are the codes.
    packed
        What :func:`pack_sampled` wrote.

    Raises
    ------
    ValueError
        If the explanation cannot be read, or is of other inputs.
    """

    def __init__(self, model: Any, reasons: ReasonMap, packed: bytes) -> None:
        plan: Plan = model.plan
        said = opened(packed)[1]
        self.factors = Factors.of(reasons, [column.name for column in plan.columns])
        self.words: Mapping[str, str] = {
            factor.id: factor.statement for factor in self.factors.each if factor.statement
        }
        try:
            references, self._said = said["references"], np.array(said["scores"], np.float64)
            orders = np.array(said["orders"], np.int64) if said["orders"] else None
            self._coalitions = Coalitions(len(self.factors.each), len(self._said), orders)
            asked = (plan, references, self.factors, self._coalitions)
            self._game: _Game = _Asked(model, *asked) if hasattr(model, "answers") else _Matrix(model, *asked)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            msg = f"the explanation cannot be read ({error}): issue the orders again"
            raise ValueError(msg) from None
        self.budget: Final = len(self._coalitions)
        """Mixed rows that are scored for each row that is explained."""
        self._theirs = margins(self._said)
        self._rule, self._nameable = plan.decision, self.factors.nameable
        self._ids = [factor.id for factor in self.factors.each]

    def codes(self, encoded: Any, rows: Sequence[int]) -> list[Sequence[str]]:
        """Return for each of these rows the factors that counted most against the person, the worst first.

        Raises
        ------
        ArithmeticError
            Where the model does not score a mixed row.
        OSError
            Where the worker of the model cannot answer now.
        """
        return [self._codes(encoded, row) for row in rows]

    def agrees(self) -> bool:
        """Tell whether the model says of the references what it said when the explanation was made."""
        found = self._game.theirs()
        return bool(found.shape == self._said.shape and np.allclose(found, self._said, rtol=0.0, atol=NEAR))

    def _codes(self, encoded: Any, row: int) -> Sequence[str]:
        try:
            own, mixed = self._game.of(encoded, row)
        except ValueError as error:
            msg = "the model does not score a row that is mixed to find reasons: no reasons can be given"
            raise ArithmeticError(msg) from error
        both = margins(np.array([own, *mixed]))
        shares = self._coalitions.shares(both[1:], float(both[0]), self._theirs)
        (found,) = principal(adverse(shares[None], self._rule), self._nameable, self.factors.most).tolist()
        return [self._ids[at] for at in found if at != NOBODY]


class _Matrix:
    """A compiled model: columns of its matrix are mixed, and what is made of several inputs is made anew."""

    def __init__(
        self, model: Any, plan: Plan, references: Mapping[str, Any], factors: Factors, coalitions: Coalitions
    ) -> None:
        self._model = model
        encoder = encoder_of(plan, "unknown")
        self._mix = encoder.mix if isinstance(encoder, MixingEncoder) else None
        self._references = encoder.encode(references)
        place = {name: at for at, factor in enumerate(factors.each) for name in factor.columns}
        of = [place[encoding.column.name] for encoding in plan.encodings]
        # A column that is made of several is filled anew below, whoever it is taken from here.
        own = [of[min(each)] if each else 0 for each in plan.sources]
        self._swapped = coalitions.swapped[:, own]
        self._behind = self._references[coalitions.behind]

    def theirs(self) -> Floats:
        """Return the scores of the references."""
        return np.asarray(self._model.scores(self._references), np.float64)

    def of(self, encoded: Any, row: int) -> tuple[float, Floats]:
        """Return the scores of an explained row and of its mixed rows."""
        rows = np.where(self._swapped, encoded[row], self._behind)
        if self._mix is not None:
            self._mix(rows)
        scores = np.asarray(self._model.scores(np.concatenate([encoded[row : row + 1], rows])), np.float64)
        return float(scores[0]), scores[1:]


class _Asked:
    """A model that is asked about raw rows: of its own library, or a graph as given."""

    def __init__(
        self, model: Any, plan: Plan, references: Mapping[str, Any], factors: Factors, coalitions: Coalitions
    ) -> None:
        self._model = model
        passing = model.encoder("unknown")
        self._references = passing.table(references)
        place = {name: at for at, factor in enumerate(factors.each) for name in factor.columns}
        self._taken = {
            column.name: np.append(0, np.where(coalitions.swapped[:, place[column.name]], 0, 1 + coalitions.behind))
            for column in plan.columns
        }

    def theirs(self) -> Floats:
        """Return the scores of the references."""
        return np.asarray(self._model.answers(self._references), np.float64)

    def of(self, encoded: Any, row: int) -> tuple[float, Floats]:
        """Return the scores of an explained row and of its mixed rows: one question to the model."""
        pool = pa.concat_tables([encoded.table.slice(row, 1), self._references])
        rows = pa.table({name: pool.column(name).take(taken) for name, taken in self._taken.items()})
        scores = np.asarray(self._model.answers(rows), np.float64)
        return float(scores[0]), scores[1:]
