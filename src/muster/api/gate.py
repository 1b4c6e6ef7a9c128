"""The gate in front of the API: nobody unknown comes in, and nobody brings more than is allowed."""

from __future__ import annotations

import asyncio

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muster.api import headers
from muster.api.answers import LOG, failure
from muster.api.entrance.admission import admit
from muster.api.entrance.door import Door
from muster.api.entrance.routes import OPEN

HEALTH = "/health"
"""The path that answers everybody, whatever name they call us by: load balancers use addresses."""

PATIENCE_SECONDS = 30.0
"""How long the next piece of a body may take: who sends nothing more does not hold a connection for ever."""


class TooLarge(ValueError):  # noqa: N818 - named for what happened; answered with 413 where other ValueErrors are 422
    """A body was larger than allowed."""


class TooSlow(ValueError):  # noqa: N818 - as above; answered with 408
    """A body stopped coming."""


class Gate:
    """ASGI middleware: says who asks before a byte of the body is read on their behalf, and counts those bytes."""

    def __init__(self, app: ASGIApp, door: Door, largest: int, patience: float = PATIENCE_SECONDS) -> None:
        self.app = app
        self.door = door
        self._largest = largest
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 to whoever is unknown and 413 to whoever brings too much; let the others in."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, headers.guarded(send, secure=self.door.site.secure))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path")
        if path == HEALTH:
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if unfit := self._unfit(connection):
            await unfit(scope, receive, send)
            return
        counted = self._counted(receive)
        if path in OPEN:
            await self.app(scope, counted, send)
            return
        found = await admit(self.door, scope, counted)
        if isinstance(found, Response):
            await found(scope, receive, send)
            return
        scope.setdefault("state", {}).update(found.state())
        await self.app(scope, found.receive, send)

    def _unfit(self, connection: HTTPConnection) -> Response | None:
        """Return the answer to a request that nobody may make; None if it may go on."""
        if not self.door.site.host_known(connection.headers.get("host", "")):
            # A name that somebody pointed at this machine would make their pages ours, for the browser (DNS rebinding).
            return failure(421, f"this control plane is at {self.door.site.origin} (setting public_url), and not here")
        length = connection.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._largest:
            return failure(413, self._too_large())
        return None

    def _counted(self, receive: Receive) -> Receive:
        taken = 0
        complete = False  # whoever waits for the client to hang up after that, may wait as long as the answer takes

        async def counted() -> Message:
            nonlocal taken, complete
            try:
                message = await asyncio.wait_for(receive(), None if complete else self._patience)
            except TimeoutError:
                msg = f"no more of the body came for {self._patience:g} seconds: nothing was done; send it again"
                raise TooSlow(msg) from None
            complete = not message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > self._largest:
                LOG.warning("a request was cut off at %d bytes", taken)
                raise TooLarge(self._too_large())
            return message

        return counted

    def _too_large(self) -> str:
        mib = self._largest // (1024 * 1024)
        return f"the body is larger than {mib} MiB; the setting largest_upload_mib allows more"
