"""The log of gateways, as far as they have signed it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.ports.log import Sealing, Stream
from muster.records.access.erasure import LOGGED, PERSONAL, SEGMENTS, RetentionRun
from muster.records.trust import Duty


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
    history = context.history(RetentionRun, f"retention:{SEGMENTS}")
    moved = {name for _, done in history for name in done.removed}
    if moved:
        kinds = (LOGGED, PERSONAL)
        moved -= {
            n for kind in kinds for _, done in context.history(RetentionRun, f"retention:{kind}") for n in done.removed
        }
        moved -= {segment.name for segment in context.house.log.segments()}
    if not moved:
        return
    if context.house.lake is None:
        msg = "parts of the log were moved to tables, and none can be read here: pip install 'muster-ml[lake]'"
        raise LookupError(msg)
    rows = 0
    for batch in context.house.lake.read(deployment, stream, moved, seen):
        rows += batch.num_rows
        yield batch
    if rows:
        context.progress(f"{rows:,} rows come from tables, which no gateway seals: whoever keeps them may edit them")
