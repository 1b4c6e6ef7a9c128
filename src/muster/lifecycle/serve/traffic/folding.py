"""Folding: the log is read once; what a segment said of two versions is kept, and only what is new is read again.

A closed segment never changes, so that what it came to stands. One that grows is read again when there is more in it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.logged import pieces
from muster.ports.log import INPUT, Piece, Stream
from muster.rules.gate.guarding import CONSISTENT, PLAUSIBLE, RATE, SIZE

if TYPE_CHECKING:
    from muster.columns.traffic.sides import Side

FAULTS = (PLAUSIBLE, CONSISTENT)
"""Guards that refuse what a model made of a request: the model failed, not the caller."""

BESIDE = (RATE, "client-rate", SIZE, "log")
"""Refusals that have nothing to do with a version."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What one piece of the log came to."""

    mark: str
    last: bytes
    """Id of its last batch: a writer that was not sure of its disk writes that one again, first in its next segment."""
    sides: Mapping[str, Side]


class Folding:
    """What the log says of some versions of a deployment since a moment, as far as it was read.

    Parameters
    ----------
    name
        Of the deployment.
    versions
        Digests of the versions.
    since
        What was before counts for nothing.
    groups
        Input by which people are told apart; empty: they are not.
    """

    def __init__(self, name: str, versions: Iterable[str], since: datetime, groups: str) -> None:
        self._name, self._versions, self._since, self._groups = self.about = name, tuple(versions), since, groups
        self._known: dict[Stream, dict[str, Folded]] = {Stream.DECISIONS: {}, Stream.REFUSALS: {}}
        self._lock = threading.Lock()
        self.read = 0
        """Pieces that were read so far, for those who wonder what a look costs."""

    def look(self, context: Context) -> dict[str, Side]:
        """Read what is new, and return what is known of each version.

        The log is read as its gateways must seal it: what is not sealed where the trust root demands that is left out,
        and what was altered raises :class:`~muster.records.access.alert.Suspicious`.
        """
        from muster.columns.traffic.sides import Side

        with self._lock:
            for stream, known in self._known.items():
                marks = {name: folded.mark for name, folded in known.items()}
                for piece in pieces(context, self._name, stream, self._since, marks):
                    known[piece.name] = self._fold(piece, stream, known)
                    self.read += 1
            total = {version: Side() for version in self._versions}
            for known in self._known.values():
                for folded in known.values():
                    for version, side in folded.sides.items():
                        total[version].join(side)
            return total

    def _fold(self, piece: Piece, stream: Stream, known: Mapping[str, Folded]) -> Folded:
        seen = {folded.last for name, folded in known.items() if name != piece.name and folded.last}
        sides: dict[str, Side] = {}
        last = b""
        for last, batch in piece.read():
            if last in seen:
                continue
            seen |= {last} if last else set()
            for version, rows in since_of(batch, self._since, self._versions):
                add(sides, version, rows, stream, self._groups)
        return Folded(piece.mark, last, {version: side.pressed() for version, side in sides.items()})


def since_of(batch: Any, since: datetime, versions: Iterable[str]) -> list[tuple[str, Any]]:
    """Return the rows of a batch since a moment, by version."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = pa.Table.from_batches([pa.record_batch(batch)])
    found = table.filter(pc.greater_equal(table.column("at"), pa.scalar(since, pa.timestamp("us", "UTC"))))
    of = pc.cast(found.column("version"), pa.string())
    named = pc.unique(of).to_pylist()
    return [(each, found.filter(pc.equal(of, pa.scalar(each)))) for each in versions if each in named]


def add(sides: dict[str, Side], version: str, rows: Any, stream: Stream, groups: str) -> None:
    """Add rows of the log to what is known of a version."""
    from muster.columns.traffic.sides import Side

    side = sides.setdefault(version, Side())
    if stream is Stream.DECISIONS:
        side.take(rows, groups and INPUT + groups)
        return
    for guard, count in zip(rows.column("guard").to_pylist(), rows.column("rows").to_pylist(), strict=True):
        side.faults += count if guard in FAULTS else 0
        side.refused += count if guard not in (*FAULTS, *BESIDE) else 0
