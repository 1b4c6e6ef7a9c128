"""Split: the versions that share the traffic of one deployment; the same person always meets the same one.

Each version was admitted on its own proof and stands until a deadline of its own. A challenger that does not stand
gives its people back to the champion; a champion that does not stand stops the deployment, for challengers answer on
trial only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

import numpy as np

from muster.gateway.chat.hosted import Hosted
from muster.gateway.http.telling import SHADOW, Watch
from muster.gateway.ids import unique_ids
from muster.gateway.served import Served
from muster.gateway.traffic.routed import Lane, Routed
from muster.gateway.traffic.shadows import Shadows
from muster.guards.guard import Rows
from muster.rules.traffic.sharing import bucket_of


class Ends(Protocol):
    """When something ends."""

    @property
    def at(self) -> datetime:
        """The moment, by the clock on the wall."""
        ...


class Arm(Protocol):
    """A version that shares the name of a deployment."""

    @property
    def name(self) -> str:
        """Name of the deployment, ``@`` and the version."""
        ...

    @property
    def until(self) -> Ends | None:
        """Until when it stands; None where it was not admitted."""
        ...

    def standing(self, now: datetime) -> Served | Hosted | None:
        """Return what serves here now; None where nothing may."""
        ...


class Asked(Protocol):
    """A request, read by a protocol; some have ``who`` is asked about."""

    @property
    def rows(self) -> Rows:
        """What is to be decided."""
        ...

    @property
    def id(self) -> str:
        """As the caller named the request; empty where not."""
        ...


@dataclass(frozen=True, slots=True)
class Shadow:
    """A version in the shadow, and whose requests it sees."""

    place: Arm
    lanes: bytes
    """1 for each bucket whose requests it sees, 0 for others."""


@dataclass(frozen=True, slots=True)
class Split:
    """How the traffic of a deployment is shared.

    Parameters
    ----------
    salt
        Of the buckets.
    lanes
        For each bucket 0, or the number from 1 of its challenger.
    arms
        The challengers.
    shadows
        Those that see requests and answer nobody.
    routing
        Input that says who somebody is, where requests do not say it; empty: none does.
    """

    salt: bytes
    lanes: bytes
    arms: tuple[Arm, ...] = ()
    shadows: tuple[Shadow, ...] = ()
    routing: str = ""

    def asked(
        self, champion: Served, asked: Asked, who: bytes, now: datetime, to: Shadows, watch: Watch | None = None
    ) -> Served:
        """Return what answers a request as it came; ``who`` is asked about, where a header says so."""
        request_id = asked.id or unique_ids(1, int(now.timestamp() * 1_000))[0]
        key = who.decode("latin-1") or getattr(asked, "who", "")
        return cast("Served", self.routed(champion, asked.rows, key, request_id, now, to, watch))

    def routed(
        self,
        champion: Served,
        rows: Rows,
        key: str,
        request_id: str,
        now: datetime,
        to: Shadows,
        watch: Watch | None = None,
    ) -> Routed:
        """Return what answers a request.

        Parameters
        ----------
        champion
            What answers whoever no challenger answers; or everybody, where the caller chose it.
        key
            Who is asked about, as the request says; empty where it does not.
        request_id
            As the caller named the request; never empty.
        to
            Takes what shadows shall see.
        watch
            Told of what each version does; the champion is watched already.
        """
        if key or self.routing not in rows.columns:
            buckets = [bucket_of(self.salt, (key or request_id).encode())]
        else:
            buckets = [bucket_of(self.salt, each) for each in _texts(rows.columns[self.routing])]
        lanes = self._lanes(champion, buckets, rows.size, now)
        seen = self._seen(buckets[0], now)
        if watch is not None:
            lanes = [lane if lane.served is champion else Lane(watch.traced(lane.served), lane.rows) for lane in lanes]
            seen = [watch.traced(each, SHADOW) for each in seen]
        return Routed(lanes, request_id, seen, to)

    def beside(self) -> Iterator[tuple[str, Arm, float]]:
        """Yield the challengers and shadows: which of both each is, itself, and its share of the people."""
        for number, arm in enumerate(self.arms, 1):
            yield "challenger", arm, self.lanes.count(number) / len(self.lanes)
        for shadow in self.shadows:
            yield "shadow", shadow.place, shadow.lanes.count(1) / len(shadow.lanes)

    def _lanes(self, champion: Served, buckets: Sequence[int], size: int, now: datetime) -> list[Lane]:
        numbers = [self.lanes[bucket] for bucket in buckets]
        if champion.chosen or len(set(numbers)) == 1:
            return [Lane(champion if champion.chosen else self._arm(numbers[0], champion, now), range(size))]
        rows: dict[int, list[int]] = {}
        answering: dict[int, Served] = {}
        for row, number in enumerate(numbers):
            arm = self._arm(number, champion, now)
            answering[id(arm)] = arm
            rows.setdefault(id(arm), []).append(row)
        return [Lane(answering[each], mine) for each, mine in rows.items()]

    def _arm(self, number: int, champion: Served, now: datetime) -> Served:
        found = self.arms[number - 1].standing(now) if number else None
        return found.beside(champion) if isinstance(found, Served) else champion

    def _seen(self, bucket: int, now: datetime) -> list[Served]:
        """Return the shadows that see requests of a bucket."""
        found = [each.place.standing(now) for each in self.shadows if each.lanes[bucket]]
        return [each for each in found if isinstance(each, Served)]


def _texts(values: Any) -> list[bytes]:
    """Write who somebody is as text: the same whichever protocol it came by, so that 7 and 7.0 are one person."""
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    return [
        (str(int(each)) if isinstance(each, float) and each.is_integer() else str(each)).encode() for each in listed
    ]
