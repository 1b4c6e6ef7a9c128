"""Following: the life of a gateway: it serves, follows the outbox, tells what changes, and ends with its log kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from muster.gateway.admission.pushed import Pushed
from muster.gateway.admission.table import Table, report
from muster.gateway.app import Gateway
from muster.gateway.http.asgi import Message, Receive, Send
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

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request, or live one life."""
        if scope["type"] == "http":
            await self.gateway(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with asyncio.TaskGroup() as group:
            following = group.create_task(self._follow())
            await send({"type": "lifespan.startup.complete"})
            await receive()
            following.cancel()
        try:
            await asyncio.to_thread(self.log.close)
        except OSError as error:
            self.tell(str(error))
        await send({"type": "lifespan.shutdown.complete"})

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
        return True

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self.poll_seconds)
            self._wake.clear()
            await self._refresh()

    async def _refresh(self) -> None:
        """Look at the outbox, one look at a time, and serve what it says; tell what has changed."""
        async with self._looking:
            # Verifying is work of milliseconds: off the loop, then swapped in one step.
            self.gateway.table = table = await asyncio.to_thread(self.admissions.refresh)
        if (lines := report(table)) != self._told:
            self._told = lines
            for line in lines:
                self.tell(line)
