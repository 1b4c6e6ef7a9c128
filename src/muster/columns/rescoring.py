"""What a caller may put beside a sample: the model, to rescore changed rows, and other rows to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Bools, Floats, column_of, table_of
from muster.columns.encoder import Encoder, Unknown
from muster.columns.mixing.encoder import MixingEncoder, encoder_of
from muster.columns.plan import Plan, alone
from muster.ports.predictor import Predictor


class Rescorer(Protocol):
    """Scores rows with the model that a sample is about."""

    def __call__(self, table: pa.Table, /) -> Floats:
        """Return P(target == positive) for each row, float64, shape (rows,).

        Parameters
        ----------
        table
            Holds at least the model's inputs; other columns are left aside.

        Raises
        ------
        ValueError
            If the model cannot score a row, naming the column and the row, counted from 0: the caller may score such
            rows one by one, or count them as refused.
        """
        ...


@runtime_checkable
class Refusing(Protocol):
    """A rescorer that can say beforehand which rows it does not take: without it they are found by trying."""

    def refused(self, table: pa.Table, /) -> Bools:
        """Return True for each row that scoring would refuse, shape (rows,)."""
        ...


@dataclass(frozen=True, slots=True)
class Companion:
    """Other rows that a sample is held against, such as those of the fit; build it with :meth:`of`."""

    name: str
    digest: str
    role: str
    """``training``, ``source`` and so on, as in ``DatasetVersion.role``."""
    table: pa.Table

    @classmethod
    def of(cls, data: Any, *, name: str, digest: str, role: str) -> Companion:
        """Put Arrow data and its names together; raise ValueError if it is not Arrow data."""
        return cls(name, digest, role, table_of(data))

    @property
    def label(self) -> str:
        """How methods name it, so that evidence says which bytes were compared."""
        return f"{self.name} ({self.role}, {self.digest})"


class PlanRescorer:
    """A rescorer made of a served artifact: its plan encodes rows, its predictor scores them. It runs no model code.

    Parameters
    ----------
    plan
        Of the served artifact.
    predictor
        Loaded from the same artifact; one float64 score a row of the encoded matrix.
    unknown
        What a category leads to that the model was not trained on: ``refuse`` as gateways do where the policy says
        nothing else, or ``unknown``.
    """

    def __init__(self, plan: Plan, predictor: Predictor, unknown: Unknown = "refuse") -> None:
        self.plan: Final = plan
        self._predictor = predictor
        self._encoder = encoder_of(plan, unknown)
        self._single = tuple(Encoder((alone(encoding),), unknown) for encoding in plan.encodings if not encoding.unread)

    def __call__(self, table: pa.Table, /) -> Floats:
        """Encode and score; raise ValueError where a row holds what the model does not take."""
        return np.asarray(self._predictor.scores(self.matrix(table)), dtype=np.float64)

    def matrix(self, table: pa.Table) -> Floats:
        """Encode rows, shape (rows, width); raise ValueError where a row holds what the model does not take."""
        return self._encoder.encode({name: _values(table, name) for name in self._encoder.names})

    def refused(self, table: pa.Table, /) -> Bools:
        """Return True for each row with a value that the encoder refuses, tried once for each different value."""
        wrong = np.zeros(table.num_rows, dtype=np.bool_)
        for encoder in self._single:
            (name,) = encoder.names
            if _tried(encoder, name, _values(table, name)).any():
                column: Any = column_of(table, name).combine_chunks()
                coded = column.dictionary_encode(null_encoding="encode")
                different = _values(pa.table({name: coded.dictionary}), name)
                wrong |= _refused(encoder, name, different)[coded.indices.to_numpy(zero_copy_only=False)]
        if isinstance(self._encoder, MixingEncoder):
            taken: Any = table.filter(pa.array(~wrong))
            wrong[~wrong] = self._encoder.refused({name: _values(taken, name) for name in self._encoder.names})
        return wrong


class AskedRescorer:
    """A rescorer of a model that its own library serves: each table is one question to its worker.

    Parameters
    ----------
    model
        As it is loaded from the served artifact: it has ``plan``, ``encoder(unknown)`` and ``scores(encoded)``.
    unknown
        As in ``PlanRescorer``.
    """

    def __init__(self, model: Any, unknown: Unknown = "refuse") -> None:
        self.plan: Final[Plan] = model.plan
        self._model = model
        self._encoder = model.encoder(unknown)

    def __call__(self, table: pa.Table, /) -> Floats:
        """Ask for scores; raise ValueError where a row holds what the model does not take."""
        encoded = self._encoder.encode({column.name: _values(table, column.name) for column in self.plan.columns})
        return np.asarray(self._model.scores(encoded), dtype=np.float64)


def rescored(rescorer: Rescorer, table: pa.Table) -> Floats:
    """Return the scores of a table, checked: a rescorer that gives something else than probabilities is refused.

    Raises
    ------
    ValueError
        If there is not one score a row, one is not within 0 and 1, or the model fails in any way.
    """
    try:
        scores = np.asarray(rescorer(table), dtype=np.float64)
    except ValueError:
        raise
    except Exception as problem:  # a model may fail with any error, and that is a fact about it
        msg = f"the rescorer failed on {table.num_rows} rows: {type(problem).__name__}: {problem}"
        raise ValueError(msg) from problem
    if scores.shape != (table.num_rows,):
        msg = f"the rescorer gave scores of shape {scores.shape} for {table.num_rows} rows: one a row is needed"
        raise ValueError(msg)
    wrong = ~((scores >= 0.0) & (scores <= 1.0))
    if wrong.any():
        row = int(wrong.argmax())
        msg = f"the rescorer gave {scores[row]:g} for row {row} (rows count from 0): scores are within 0 and 1"
        raise ValueError(msg)
    return scores


def _tried(encoder: Encoder, name: str, values: Any) -> Bools:
    """Encode values; where one is refused, that is said of all of them."""
    try:
        encoder.encode({name: values})
    except ValueError:
        return np.ones(len(values), dtype=np.bool_)
    return np.zeros(len(values), dtype=np.bool_)


def _refused(encoder: Encoder, name: str, values: Any) -> Bools:
    """Say of each value whether it is refused: halves are tried until each is known."""
    tried, half = _tried(encoder, name, values), len(values) // 2
    if not half or not tried.any():
        return tried
    return np.concatenate((_refused(encoder, name, values[:half]), _refused(encoder, name, values[half:])))


def _values(table: pa.Table, name: str) -> Any:
    column = column_of(table, name)
    # Whole numbers with gaps become floating point, which the encoder takes where all are whole.
    plain = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
    return column.to_numpy() if plain else column
