"""Scoring: rows through the original model, in a worker or at its endpoint; and what it could not score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from muster.lifecycle.desk.context import Context
from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.model import Manifest, ModelFormat

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from muster.ports.predictor import Remote

DESCRIPTION: Final = "endpoint.json"
"""File of a model behind an endpoint: what the endpoint said of it when it was registered."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of all rows, or none and why."""

    values: NDArray[np.float64] | None
    unscored: str = ""
    """Which row the model does not score, and why."""
    environment: Mapping[str, str] | None = None
    """Versions of what ran the model, and behind which walls."""

    def required(self) -> NDArray[np.float64]:
        """Return the scores; raise ValueError where there are none."""
        if self.values is None:
            raise ValueError(self.unscored)
        return self.values


def score(context: Context, manifest: Manifest, rows: bytes) -> Scored:
    """Score the rows of a Parquet file with the model of a manifest, whose files are kept.

    Raises
    ------
    TaskFailed
        Where the model cannot be opened, or reads columns that the rows do not have.
    ValueError
        Where an endpoint says something else of its model than when it was registered.
    ConnectionError
        Where an endpoint cannot be reached.
    """
    if manifest.format is ModelFormat.OIP:
        return _asked(context, manifest, rows)
    from muster.columns.tables import read_scores

    files = {name: context.house.blobs.get(kept) for name, kept in manifest.files.items()}
    arguments = {"manifest": encode(manifest)}
    result, made = context.house.executor.run("predict", arguments, {**files, "rows.parquet": rows}, context.progress)
    environment = {**result["environment"], **walls(result)}
    if result.get("unscored"):
        return Scored(None, str(result["unscored"]), environment)
    return Scored(read_scores(made["scores.npy"]), "", environment)


def remote(context: Context, manifest: Manifest) -> Remote:
    """Return the model behind the endpoint of a manifest; raise ValueError where it names none."""
    reading = manifest.reading
    if reading is None or reading.endpoint is None or context.house.remote is None:
        msg = "the model answers at an endpoint, and none is named or this house asks none"
        raise ValueError(msg)
    return context.house.remote(reading.endpoint, manifest.inputs, reading.positive, reading.output)


def walls(result: Mapping[str, Any]) -> dict[str, str]:
    """Say from what the worker was kept: a run without a wall must not look like one behind it."""
    return {f"isolation.{wall}": str(state) for wall, state in result["isolation"].items()}


def _asked(context: Context, manifest: Manifest, rows: bytes) -> Scored:
    from muster.columns.original.rows import Unscored, scored
    from muster.columns.tables import from_parquet

    model = remote(context, manifest)
    if digest(model.describe()) != manifest.files[DESCRIPTION]:
        msg = "the endpoint says something else of its model than when it was registered: register it again"
        raise ValueError(msg)
    table = from_parquet(rows)
    context.progress(f"asking the endpoint for the scores of {table.num_rows:,} rows")
    found = scored(model.probabilities, table)
    if isinstance(found, Unscored):
        return Scored(None, str(found))
    return Scored(found)
