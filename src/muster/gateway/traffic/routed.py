"""Routed: what answers one request whose traffic is shared; rows of several people may meet several versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from muster.gateway.decided import Decided
from muster.gateway.recording import Recorder
from muster.gateway.served import Served
from muster.gateway.traffic.shadows import Shadows
from muster.guards.guard import Rows
from muster.ports.log import Source


class Lane(NamedTuple):
    """A version, and the rows that it decides."""

    served: Served
    rows: Sequence[int]


@dataclass(frozen=True, slots=True)
class Routed:
    """Decides as :class:`~muster.gateway.served.Served` does, each row by the version that its person meets.

    Parameters
    ----------
    lanes
        The versions and their rows, each row once.
    request_id
        Of the request; shadows log what they would have said under the same.
    seen
        Shadows that see this request, once it is answered.
    shadows
        Takes what they shall see.
    """

    lanes: list[Lane]
    request_id: str
    seen: list[Served]
    shadows: Shadows

    @property
    def aside(self) -> bool:
        """Whether one of the models computes in another process."""
        return any(lane.served.aside for lane in self.lanes)

    @property
    def decisions(self) -> Source:
        """Where the rows of the version go that decides first."""
        return self.lanes[0].served.decisions

    @property
    def version(self) -> str:
        """Digest of the version that decides first; it stands for the request in counts."""
        return self.lanes[0].served.version

    def deciding(self, rows: int) -> Sequence[tuple[Served, int]]:
        """Return who decides how many of the rows."""
        return [(lane.served, len(lane.rows) if len(self.lanes) > 1 else rows) for lane in self.lanes]

    @property
    def recorder(self) -> Recorder:
        """What logs the rows of the version that decides first."""
        return self.lanes[0].served.recorder

    async def room(self, rows: int) -> None:
        """Wait for the log where a policy says so."""
        for lane in self.lanes:
            await lane.served.room(rows)

    def decide(self, rows: Rows, request_id: str, at: datetime, started: float) -> Decided:
        """Decide every row, log it, and let shadows see it; raises as ``Served.decide`` does."""
        named = request_id or self.request_id
        if len(self.lanes) == 1:
            decided = self.lanes[0].served.decide(rows, named, at, started)
        else:
            mine = [taken(rows, lane.rows) for lane in self.lanes]
            # All of them first: where one version refuses nobody is answered, so that no other's decision may count.
            lanes = [lane.served for lane in self.lanes]
            weighed = [each.weigh(some, named, at, started) for each, some in zip(lanes, mine, strict=True)]
            parts = [each.keep(some, one) for each, some, one in zip(lanes, mine, weighed, strict=True)]
            decided = merged(parts, [lane.rows for lane in self.lanes], rows.size)
        for shadow in self.seen:
            self.shadows.offer(shadow, rows, named, at)
        return decided


def taken(rows: Rows, which: Sequence[int]) -> Rows:
    """Return some of the rows of a request."""
    columns = {
        name: values[np.asarray(which)] if isinstance(values, np.ndarray) else [values[row] for row in which]
        for name, values in rows.columns.items()
    }
    return replace(rows, size=len(which), columns=columns)


def merged(parts: Sequence[Decided], places: Sequence[Sequence[int]], size: int) -> Decided:
    """Join what several versions decided of the rows of one request, each row in its place."""

    def column(name: str) -> list[Any]:
        found: list[Any] = [None] * size
        for part, rows in zip(parts, places, strict=True):
            for row, value in zip(rows, getattr(part, name), strict=True):
                found[row] = value
        return found

    first = parts[0]
    versions = [""] * size
    for part, rows in zip(parts, places, strict=True):
        for row in rows:
            versions[row] = part.version
    return Decided(
        first.deployment,
        ",".join(part.version for part in parts),
        first.request_id,
        column("decision_ids"),
        column("scores"),
        column("favourable"),
        column("decisions"),
        guards=" ".join(dict.fromkeys(part.guards for part in parts)),
        flags=column("flags"),
        reasons=column("reasons"),
        words={code: words for part in parts for code, words in part.words.items()},
        review=first.review,
        logged=all(part.logged for part in parts),
        versions=versions,
    )
