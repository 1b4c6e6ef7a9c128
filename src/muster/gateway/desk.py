"""Desk: where every protocol brings its requests: who asks, what answers to a name, how large a body is, who waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from muster.columns.row.limits import Values
from muster.gateway.admission.table import Table
from muster.gateway.chat.hosted import Hosted
from muster.gateway.decided import Decided, Refused
from muster.gateway.http.asgi import Bodies, Failed, Heads, Message, Receive, Reply
from muster.gateway.http.coding import inflated
from muster.gateway.http.counts import DOORS, PREDICT, Counts, outcome_of
from muster.gateway.http.keys import client_asking
from muster.gateway.http.limits import Limits
from muster.gateway.http.telling import Watch
from muster.gateway.lone import Told
from muster.gateway.served import Served
from muster.gateway.traffic.shadows import Shadows
from muster.gateway.traffic.split import Asked
from muster.ports.clock import Clock
from muster.rules.language.clients import Client, Clients

INLINE_ROWS = 1_000
"""Larger requests are worked off in a thread, so that they do not hold up the small ones."""

INLINE_BYTES = 256 * 2**10
"""Larger bodies are read in that thread, too."""

INFLATED_INLINE = 4_096
"""Compressed bodies of more bytes are expanded beside the loop: they may come to a thousand times as much."""

LARGE_WAITING = 64
"""More large requests at once are turned away: each holds its body in memory."""

LARGE_BYTES = 96 * 2**20
"""Bytes of large bodies that may wait at once."""

UNAVAILABLE = "not available"
"""All that a caller learns of why nothing serves here; the operator's log has the reason."""

UNKNOWN = "no model of that name"

STATUSES = {"rate": 429, "client-rate": 429, "size": 413}
"""What a refusal by these guards is to a caller; that of any other is 422."""


_Asked = TypeVar("_Asked", bound=Asked)
_Result = TypeVar("_Result")


@dataclass(slots=True)
class Desk:
    """What all protocols share; their only way to a model.

    Parameters
    ----------
    table
        What is served; whoever follows the outbox puts a new one in its place.
    clock
        Tells when a deadline has passed.
    tell
        Takes lines for the operator.
    limits
        How large requests may be.
    clients
        Those who may ask; None: whoever reaches the port.
    """

    table: Table
    clock: Clock
    tell: Callable[[str], None]
    limits: Limits = field(default_factory=Limits)
    clients: Clients | None = None
    bodies: Bodies = field(default_factory=Bodies)
    shadows: Shadows = field(init=False)
    """Versions that see what others were asked."""
    counts: dict[tuple[str, str], Counts] = field(default_factory=dict)
    """By deployment and version."""
    watch: Watch | None = None
    """Told of every request; None: nobody asked for that."""
    log_takes: Callable[[], bool] = lambda: True
    """Tells whether the log takes rows."""
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "muster-large"))
    _waiting: int = 0
    _held: int = 0

    def __post_init__(self) -> None:
        """Tell the operator of shadows that are too slow."""
        self.shadows = Shadows(self.tell)

    def client(self, scope: Message) -> Client | None:
        """Return who asks, None where anybody may; raise Failed where it is nobody who may."""
        return client_asking(self.clients, scope["headers"], self.tell) if self.clients is not None else None

    def standing(
        self, name: str, version: str = "", client: Client | None = None, now: datetime | None = None
    ) -> Served:
        """Return what answers under a name; a version, if one is asked for, must be the very one.

        Raises
        ------
        Failed
            404 where there is no such model for this client, 503 where there is one that may not serve now.
        """
        place = self.table.places.get(name)
        if place is None:
            raise Failed(404, UNKNOWN) if self.table.places else Failed(503, UNAVAILABLE)
        served = place.standing(now or self.clock())
        if served is None:
            raise Failed(503, UNAVAILABLE)
        if client is not None and client.use_case != served.use_case:
            raise Failed(404, UNKNOWN)
        if isinstance(served, Hosted):
            raise Failed(404, "this is a language model: ask it at /v1/chat/completions")
        if version not in ("", served.version):
            raise Failed(404, "the model does not serve that version")
        return served if client is None else served.asked_by(client.key)

    def ready(self, name: str = "") -> bool:
        """Tell whether requests would be answered: something serves, and the log takes rows, or may lose some."""
        now = self.clock()
        places = [place for place in self.table.places.values() if name in ("", place.name)]
        standing = [served for place in places if (served := place.standing(now)) is not None]
        return bool(standing) and (self.log_takes() or any(getattr(served, "may_lose", False) for served in standing))

    def all_standing(self, client: Client | None = None) -> dict[str, Served]:
        """Return all that this client may ask now, by name."""
        now = self.clock()
        found = {name: place.standing(now) for name, place in self.table.places.items()}
        return {
            name: served
            for name, served in found.items()
            if isinstance(served, Served) and (client is None or client.use_case == served.use_case)
        }

    def body(self, receive: Receive, heads: Heads, most: int = 0) -> Awaitable[bytes]:
        """Return the body of a request, expanded where it came compressed."""
        most = most or self.limits.body_bytes
        coming = self.bodies.read(receive, heads, most)
        coding = heads.get(b"content-encoding")
        return coming if coding is None else self._expanded(coming, coding, most)

    async def _expanded(self, coming: Awaitable[bytes], coding: bytes, most: int) -> bytes:
        body = await coming
        if len(body) <= INFLATED_INLINE:
            return inflated(body, coding, most)
        return await asyncio.to_thread(inflated, body, coding, most)

    async def decide(
        self,
        served: Served,
        body: bytes,
        read: Callable[[], _Asked],
        write: Callable[[Decided, _Asked], Reply],
        door: int = PREDICT,
        who: bytes = b"",
    ) -> Reply:
        """Read a request, decide its rows, write the answer; large ones are worked off beside the loop.

        ``door`` counts it with those that came the same way; ``who`` is asked about, where the request says so.

        Raises
        ------
        Failed
            400 where it cannot be read, 422 where a guard refuses, 413 where it has too many rows, 503 where too much
            waits or the log takes nothing, 500 where the model gave no usable answer.
        """
        begun = time.perf_counter_ns()
        if self.watch is not None:
            served = self.watch.traced(served)
        try:
            large = len(body) > INLINE_BYTES
            asked = await self._aside(len(body), read) if large else read()
            values = served.lone.values_of(asked.rows) if served.lone is not None else None
            if values is not None:
                told = self.decide_alone(served, values, asked.id, (self.clock(), begun), door)
                if told is not None and served.lone is not None:
                    return write(served.lone.decided(told), asked)
            if self.table.traffic:
                served = self._routed(served, asked, who)
            await served.room(asked.rows.size)
            if large or asked.rows.size > INLINE_ROWS or served.aside:
                return await self._aside(len(body), lambda: self._answer(served, asked, write, begun, door))
            return self._answer(served, asked, write, begun, door)
        except Exception as error:  # noqa: BLE001 - whatever it was, the request failed; it is raised again
            failed = self._failed(served, error)
            self._count_failure(served, error, failed, begun, door)
            raise failed from None

    def decide_alone(
        self, served: Served, values: Values, request_id: str, when: tuple[datetime, int], door: int = PREDICT
    ) -> Told | None:
        """Decide one plain row at once, and count it; None where it is for :meth:`decide`.

        Parameters
        ----------
        values
            In the order of the model's inputs, each of the plain Python type of its column.
        when
            Now, and when the request had arrived, by ``time.perf_counter_ns``.
        """
        if served.lone is None or served.decisions.deployment in self.table.traffic:
            return None
        at, begun = when
        micros = int(at.timestamp() * 1_000_000)
        told = served.lone.decide(values, request_id, micros, begun)
        if told is not None:
            taken = time.perf_counter_ns() - begun
            self._counts(served).answer(1, taken, door, micros // 1_000)
            if self.watch is not None:
                self.watch.ended(served, told[1], DOORS[door], 200, taken)
        return told

    def _routed(self, served: Served, asked: Asked, who: bytes) -> Served:
        """Return what answers a request, where several versions share the traffic; else what answers all."""
        split = self.table.traffic.get(served.decisions.deployment)
        return served if split is None else split.asked(served, asked, who, self.clock(), self.shadows, self.watch)

    def _answer(
        self, served: Served, asked: _Asked, write: Callable[[Decided, _Asked], Reply], begun: int, door: int
    ) -> Reply:
        at = self.clock()
        decided = served.decide(asked.rows, asked.id, at, begun / 1e9)
        return self._written(served, decided, asked, write, at, begun, door)

    def _written(
        self,
        served: Served,
        decided: Decided,
        asked: _Asked,
        write: Callable[[Decided, _Asked], Reply],
        at: datetime,
        begun: int,
        door: int,
    ) -> Reply:
        """Write an answer, and count it."""
        reply = write(decided, asked)
        taken = time.perf_counter_ns() - begun
        for each, rows in served.deciding(asked.rows.size):
            self._counts(each).answer(rows, taken, door, int(at.timestamp() * 1_000))
        if self.watch is not None:
            self.watch.ended(served, decided.request_id, DOORS[door], reply.status, taken)
        return reply

    def _count_failure(self, served: Served, error: Exception, failed: Exception, begun: int, door: int) -> None:
        taken = time.perf_counter_ns() - begun
        status = failed.status if isinstance(failed, Failed) else 500
        guard = error.guard if isinstance(error, Refused) else ""
        self._counts(served).fail(taken, door, outcome_of(status), guard)
        if self.watch is not None:
            self.watch.ended(served, "", DOORS[door], status, taken)

    def _counts(self, served: Served) -> Counts:
        key = served.decisions.deployment, served.version
        found = self.counts.get(key)
        if found is None:
            named = (*self.table.places.values(), *self.table.arms)
            alive = {(p.served.decisions.deployment, p.served.version) for p in named if isinstance(p.served, Served)}
            self.counts = {known: counts for known, counts in self.counts.items() if known in alive}
            found = self.counts[key] = Counts()
        return found

    def _failed(self, served: Served, error: Exception) -> Exception:
        """Return what the caller learns of an error; what is none of the caller's business goes to the operator."""
        if isinstance(error, Refused):
            status = STATUSES.get(error.guard, 422)
            return Failed(status, str(error), [(b"retry-after", b"1")] if status == 429 else ())
        if isinstance(error, OverflowError):
            return Failed(413, str(error))
        name = served.decisions.deployment
        if isinstance(error, ArithmeticError):
            self.tell(f"{name}: {error}")
            return Failed(500, "the model gave no usable answer")
        if isinstance(error, ValueError):
            return Failed(400, str(error))
        if isinstance(error, OSError):
            self.tell(f"{name}: {error}")
            return Failed(503, UNAVAILABLE)
        return error

    async def _aside(self, size: int, work: Callable[[], _Result]) -> _Result:
        """Work off a large request in a thread; raise OSError where too many wait for that already."""
        if self._waiting >= LARGE_WAITING or self._held + size > LARGE_BYTES:
            msg = f"{self._waiting} large requests wait already: this one was turned away"
            raise OSError(msg)
        self._waiting += 1
        self._held += size
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
            self._held -= size
