"""Within: a graph of others that the gateway runs itself, on one thread, from the bytes that were hashed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muster.adapters.graphs.given import GivenGraph
from muster.adapters.graphs.listed import LARGEST, listed
from muster.columns.encoder import Unknown
from muster.columns.original.container import opened_graph
from muster.columns.original.passing import Answered, PassingEncoder
from muster.columns.original.rows import Unscored, scored
from muster.columns.plan import Plan
from muster.records.data import Column, ColumnType
from muster.records.model import ModelFormat


class GraphModel:
    """Scores rows by a graph as it was given; to the gateway a model like any other."""

    platform: Final = "muster_graph"
    """How model metadata name what runs it."""
    aside: Final = True
    """Graphs of others answer off the event loop: nobody promised how fast they are."""

    def __init__(self, plan: Plan, graph: GivenGraph) -> None:
        self.plan: Final = plan
        self._graph = graph

    @classmethod
    def load(cls, buffer: bytes) -> GraphModel:
        """Read a served artifact.

        The worker that compiled is not believed: the list is asked again here.

        Raises
        ------
        ValueError
            Where the bytes are none, or the graph does not read the declared inputs.
        PermissionError
            Where the graph is not one that may run here.
        """
        held = opened_graph(buffer)
        given = ModelFormat.PYFUNC if held.within else ModelFormat.ONNX
        if held.manifest.format is not given or held.manifest.reading is None:
            msg = "the served artifact holds no graph as somebody gave it: compile the version again"
            raise ValueError(msg)
        raw = held.graph(LARGEST)
        classes, reading = listed(raw), held.manifest.reading
        return cls(held.plan, GivenGraph(raw, held.manifest.inputs, reading.positive, reading.output, classes))

    def encoder(self, unknown: Unknown) -> Running:
        """Return what makes of raw columns the scores."""
        return Running(PassingEncoder(self.plan.columns, unknown), self.plan.columns, self._graph.probabilities)

    def scores(self, encoded: Answered) -> NDArray[np.float64]:
        """Return the scores, which the encoder gave already."""
        return encoded.scores

    def answers(self, table: pa.Table) -> NDArray[np.float64]:
        """Return the scores of rows that were checked already; raise ValueError where there are none."""
        return self._graph.probabilities(_arrays(table, self.plan.columns))


class Running:
    """Checks rows as strictly as any encoder, and runs the graph: a row that it does not score is at fault."""

    def __init__(
        self,
        passing: PassingEncoder,
        columns: tuple[Column, ...],
        run: Callable[[Mapping[str, NDArray[Any]]], NDArray[np.float64]],
    ) -> None:
        self._passing = passing
        self._columns = columns
        self._run = run

    def table(self, columns: Mapping[str, Any]) -> pa.Table:
        """Return rows as they are passed on; raise ValueError naming column and row where a value may not be there."""
        return self._passing.encode(columns)

    def encode(self, columns: Mapping[str, Any]) -> Answered:
        """Return rows as they were passed on, and their scores; raise ValueError naming a row that has none."""
        table = self._passing.encode(columns)
        if table.num_rows == 0:
            return Answered(table, np.empty(0))
        found = scored(lambda part: self._run(_arrays(part, self._columns)), table)
        if isinstance(found, Unscored):  # why is not said: the words of the runtime may repeat a value
            known = found.row is not None
            msg = f"row {found.row}: the model does not score it" if known else "the model does not score the rows"
            raise ValueError(msg)
        return Answered(table, found)


def _arrays(table: pa.Table, columns: tuple[Column, ...]) -> dict[str, NDArray[Any]]:
    """Return a table by column as a graph reads it: numbers as float64 with NaN for null, texts as objects."""
    made: dict[str, NDArray[Any]] = {}
    for column in columns:
        values = table.column(column.name).combine_chunks()
        text = column.type is ColumnType.CATEGORY
        made[column.name] = (values if text else values.cast(pa.float64())).to_numpy(zero_copy_only=False)
    return made
