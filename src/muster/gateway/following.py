"""Following: the life of a gateway: it serves, follows the outbox, tells what changes, and ends with its log kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from muster.gateway.admission.pushed import Pushed
from muster.gateway.admission.table import Table, report
from muster.gateway.app import Gateway
from muster.gateway.http.asgi import Message, Receive, Send
from muster.gateway.served import Served
from muster.ports.log import Log


class Follows(Protocol):
    """What gives the table of the moment."""

    def refresh(self) -> Table:
        """Return the table; never raise."""
        ...

    def newer(self, text: str) -> bool:
        """Tell whether pushed orders are a reason to look now."""
        ...


@dataclass(slots=True)
class Life:
    """ASGI application around the gateway: answers the server's lifespan messages, hands on the requests.

    Parameters
    ----------
    gateway
        Answers requests.
    admissions
        Asked for a new table at every look.
    log
        Closed in the end.
    poll_seconds
        Time between two looks at the outbox.
    tell
        Takes lines for the operator, whenever what is served has changed.
    """

    gateway: Gateway
    admissions: Follows
    log: Log
    poll_seconds: float
    tell: Callable[[str], None]
    beside: list[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=list)
    """What else runs while it lives: whatever becomes of that, requests are answered."""
    answer: Callable[[Message, Receive, Send], Awaitable[None]] | None = None
    """Answers requests in the gateway's stead, and with its help."""
    after: list[Callable[[], None]] = field(default_factory=list)
    """What is done once nothing is answered any more; may take a while."""
    heard: Callable[[], None] = lambda: None
    """Told that newer orders were pushed: other processes may want to look, too."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _pushed: Pushed = field(init=False)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _told: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Let the gateway hand on what is pushed."""
        self._pushed = Pushed(self.admissions.newer)
        self.gateway.pushed = self._take
        self.gateway.inference.look = self._look
        self._told = report(self.gateway.table)

    def __call__(self, scope: Message, receive: Receive, send: Send) -> Awaitable[None]:
        """Serve one request, or live one life."""
        if scope["type"] == "http":
            return (self.answer or self.gateway)(scope, receive, send)
        return self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with asyncio.TaskGroup() as group:
            running = [
                group.create_task(self._follow()),
                *(group.create_task(self._guard(each)) for each in self.beside),
            ]
            await send({"type": "lifespan.startup.complete"})
            await receive()
            for task in running:
                task.cancel()
        for each in self.after:
            await asyncio.to_thread(each)
        self._settle(self.gateway.table)
        try:
            await asyncio.to_thread(self.log.close)
        except OSError as error:
            self.tell(str(error))
        await send({"type": "lifespan.shutdown.complete"})

    async def _guard(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - what is beside must not end what it is beside of
            self.tell(f"{type(error).__name__} beside the gateway, which goes on: {error}")

    async def look_now(self) -> None:
        """Look at the outbox at once: somebody who was heard by another process says that there is something new."""
        self._wake.set()
        await asyncio.sleep(0)

    async def _look(self) -> bool:
        """Look at the outbox now; False where that was asked too often."""
        if not self._pushed.allows():
            return False
        await self._refresh()
        return True

    async def _take(self, body: bytes) -> bool:
        """Look at the outbox at once if a body is newer orders; False where too many came to be read."""
        if not self._pushed.allows():
            return False
        if await asyncio.to_thread(self._pushed.judge, body):
            self._wake.set()
            self.heard()
        return True

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self.poll_seconds)
            self._wake.clear()
            await self._refresh()

    def _settle(self, table: Table) -> None:
        """Let every deployment log what it has counted, before another stands in its place or all is over."""
        stamp = {"request_id": "", "at": int(self.gateway.desk.clock().timestamp() * 1_000_000)}
        for place in (*table.places.values(), *table.arms):
            if isinstance(place.served, Served):
                place.served.recorder.settle(stamp)

    async def _refresh(self) -> None:
        """Look at the outbox, one look at a time, and serve what it says; tell what has changed."""
        async with self._looking:
            self._settle(self.gateway.table)
            # Verifying is work of milliseconds: off the loop, then swapped in one step.
            self.gateway.table = table = await asyncio.to_thread(self.admissions.refresh)
        if (lines := report(table)) != self._told:
            self._told = lines
            for line in lines:
                self.tell(line)
