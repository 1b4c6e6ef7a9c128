"""Original: a served model that its own library runs, in a walled process; to the gateway a model like any other."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.adapters.sandbox.frames import REFUSED, SCORES
from muster.adapters.sandbox.serving import ServingWorker
from muster.columns.encoder import Unknown
from muster.columns.original.container import opened
from muster.columns.original.passing import Answered, PassingEncoder, to_wire
from muster.columns.plan import Plan


class OriginalModel:
    """Scores rows by the library that the model was made with.

    The worker is asked while rows are encoded: a row that the model refuses is a fault of the row, as one is that an
    encoder refuses.
    """

    platform: Final = "muster_original"
    """How model metadata name what runs it."""
    aside: Final = True
    """Whether answering takes so long that it must not be done on an event loop."""

    def __init__(self, plan: Plan, worker: ServingWorker) -> None:
        self.plan: Final = plan
        self.worker: Final = worker

    @classmethod
    def load(cls, buffer: bytes, start: Callable[[bytes], ServingWorker] = ServingWorker) -> OriginalModel:
        """Read a container and start its worker; raise ValueError or OSError where one cannot be."""
        return cls(opened(buffer).plan, start(buffer))

    def encoder(self, unknown: Unknown) -> Asking:
        """Return what makes of raw columns the scores."""
        return Asking(PassingEncoder(self.plan.columns, unknown), self.worker)

    def scores(self, encoded: Answered) -> NDArray[np.float64]:
        """Return the scores, which the worker gave already."""
        return encoded.scores

    def answers(self, table: pa.Table) -> NDArray[np.float64]:
        """Return the scores of rows that were checked already, as :meth:`Asking.encode` does."""
        return asked(self.worker, table)


class Asking:
    """Checks rows as strictly as any encoder, and asks the worker for their scores."""

    def __init__(self, passing: PassingEncoder, worker: ServingWorker) -> None:
        self._passing = passing
        self._worker = worker

    def table(self, columns: Mapping[str, Any]) -> pa.Table:
        """Return rows as they are passed on; raise ValueError naming column and row where a value may not be there."""
        return self._passing.encode(columns)

    def encode(self, columns: Mapping[str, Any]) -> Answered:
        """Return rows as they were passed on, and one score a row.

        Raises
        ------
        ValueError
            Where a value is not what it may be, or the model does not score a row; names the row.
        OSError
            Where the worker cannot answer now.
        """
        table = self._passing.encode(columns)
        return Answered(table, asked(self._worker, table) if table.num_rows else np.empty(0))


def asked(worker: ServingWorker, table: pa.Table) -> NDArray[np.float64]:
    """Ask a worker for the scores of rows; raise as :meth:`Asking.encode` does."""
    kind, content = worker.ask(to_wire(table))
    if kind == REFUSED and len(content) == 8:
        (row,) = struct.unpack("<q", content)
        msg = f"row {row}: the model does not score it" if row >= 0 else "the model does not score the rows"
        raise ValueError(msg)
    scores = np.frombuffer(content, np.float64) if kind == SCORES and len(content) % 8 == 0 else np.empty(0)
    if len(scores) != table.num_rows or not ((scores >= 0.0) & (scores <= 1.0)).all():
        msg = "the worker of the model gave no probability for each row"
        raise OSError(msg)
    return scores
