"""The log of gateways, as far as they have signed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.ports.log import Lake, Piece, Sealing, Stream
from muster.records.access.erasure import LOGGED, PERSONAL, SEGMENTS, RetentionRun
from muster.records.canonical import canonical, digest
from muster.records.trust import Duty

TABLES = "tables"
"""What stands for the segments that were moved there, among pieces of the log."""


def logged(context: Context, deployment: str, stream: Stream = Stream.DECISIONS) -> Iterator[Any]:
    """Read the log as far as gateways have signed it; where none has a key for that, say so and read it as it lies."""
    sealing = sealing_of(context)
    seen: set[bytes] = set()
    yield from _moved(context, deployment, stream, seen)
    if sealing is None:
        context.progress(
            "the log is not signed: the trust root names no gateway-log key, so whoever keeps it may edit it"
        )
    yield from context.house.log.batches(deployment, stream, sealing, seen)
    if sealing is not None:
        context.progress("the log is sealed by its gateways; what they have not closed yet is left out")


def pieces(
    context: Context, deployment: str, stream: Stream, since: datetime, known: Mapping[str, str]
) -> Iterator[Piece]:
    """Yield what of the log may hold rows since a moment, as far as gateways have signed it; what is known is left out.

    What retention moved to tables since then comes from there, as one piece.
    """
    yield from context.house.log.pieces(deployment, stream, sealing_of(context), since, known)
    here = f"/{stream.value}/"  # of all deployments: the tables of this one hold none of the others' rows
    moved = sorted(name for name in _gone(context, since) if here in name and _stem(name) not in known)
    mark = digest(canonical(moved))
    if moved and known.get(TABLES) != mark:
        lake = _lake(context)
        yield Piece(TABLES, mark, lambda: ((b"", batch) for batch in lake.read(deployment, stream, moved)))


def sealing_of(context: Context) -> Sealing | None:
    """Return how the log must be sealed to be believed; None where no gateway has a key for that."""
    signers = tuple(grant for grant in current_root(context).grants if grant.duty is Duty.GATEWAY_LOG)
    if not signers:
        return None
    kinds = (LOGGED, SEGMENTS, PERSONAL)
    runs = (done for kind in kinds for _, done in context.history(RetentionRun, f"retention:{kind}"))
    return Sealing(signers, frozenset(name for done in runs for name in done.removed))


def _moved(context: Context, deployment: str, stream: Stream, seen: set[bytes]) -> Iterator[Any]:
    """Read from tables the segments that retention moved there: of those that are in the log still, the log speaks.

    Raises
    ------
    LookupError
        If rows were moved to tables, and this house reads none: fewer rows would be other figures.
    """
    moved = _gone(context)
    if not moved:
        return
    rows = 0
    for batch in _lake(context).read(deployment, stream, moved, seen):
        rows += batch.num_rows
        yield batch
    if rows:
        context.progress(f"{rows:,} rows come from tables, which no gateway seals: whoever keeps them may edit them")


def _gone(context: Context, since: datetime | None = None) -> set[str]:
    """Return the segments that retention moved to tables, all or since a moment, and that are nowhere else."""
    history = context.history(RetentionRun, f"retention:{SEGMENTS}")
    moved = {name for run, done in history if since is None or run.entry.at >= since for name in done.removed}
    if moved:
        kinds = (LOGGED, PERSONAL)
        moved -= {
            n for kind in kinds for _, done in context.history(RetentionRun, f"retention:{kind}") for n in done.removed
        }
        moved -= {segment.name for segment in context.house.log.segments()}
    return moved


def _stem(name: str) -> str:
    """Return what a piece of the log is called that became a segment of this name."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/{file.partition('.')[0]}"


def _lake(context: Context) -> Lake:
    if context.house.lake is None:
        msg = "parts of the log were moved to tables, and none can be read here: pip install 'muster-ml[lake]'"
        raise LookupError(msg)
    return context.house.lake
