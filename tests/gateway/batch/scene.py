"""A world with a deployment, and files of rows for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.gateway.world import World

from muster.gateway.batch import process
from muster.settings import Settings
from muster.wiring.scoring import Asked, own


def rows(count: int = 60) -> pa.Table:
    """Rows that the model of the world takes, some of them outside its training range, and one in 20 refused."""
    jobs = ["clerk", "smith", "weaver"]
    return pa.table(
        {
            "id": [f"p{at}" for at in range(count)],
            "income": [float(at * 2_500 % 110_000) for at in range(count)],
            "months": pa.array([None if at % 7 == 0 else at for at in range(count)], pa.int64()),
            "job": ["moon" if at % 20 == 19 else jobs[at % 3] for at in range(count)],
        }
    )


def settings(world: World, **changes: Any) -> Settings:
    return own(Settings(home=world.folder, root=world.pinned, poll_seconds=0.0, **changes))


def score(world: World, table: pa.Table | None = None, **asked: Any) -> int:
    """Score a table in this process; the output is ``out.parquet`` in the world's folder."""
    source = world.folder / "in.parquet"
    if table is not None or not source.exists():
        pq.write_table(rows() if table is None else table, source, row_group_size=25)
    given = {"deployment": "loans", "input": str(source), "output": str(out(world)), "keep": ("id",), **asked}
    return process.score(settings(world), Asked(**given))


def out(world: World) -> Path:
    return world.folder / "out.parquet"


def made(world: World) -> list[dict[str, Any]]:
    return pq.read_table(out(world)).to_pylist()
