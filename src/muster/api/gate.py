"""The gate in front of the API: nobody unknown comes in, and nobody brings more than is allowed."""

from __future__ import annotations

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muster.api.answers import LOG, failed, failure
from muster.lifecycle.desk.context import House, Identity
from muster.lifecycle.desk.people import identify
from muster.wiring.wire import refused, words_of

OPEN = frozenset({"/health"})
"""Paths that answer without a token."""

PATIENCE_SECONDS = 30.0
"""How long the next piece of a body may take: who sends nothing more does not hold a connection for ever."""


class TooLarge(ValueError):  # noqa: N818 - named for what happened; answered with 413 where other ValueErrors are 422
    """A body was larger than allowed."""


class TooSlow(ValueError):  # noqa: N818 - as above; answered with 408
    """A body stopped coming."""


class Gate:
    """ASGI middleware: identifies the bearer of the token before a byte of the body is read, and counts those bytes."""

    def __init__(self, app: ASGIApp, house: House, largest: int, patience: float = PATIENCE_SECONDS) -> None:
        self.app = app
        self._house = house
        self._largest = largest
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 to whoever is unknown and 413 to whoever brings too much; let the others in."""
        if scope["type"] == "lifespan" or scope.get("path") in OPEN:
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        connection = HTTPConnection(scope)
        words = connection.headers.get("authorization", "").split()
        if len(words) != 2 or words[0].lower() != "bearer":
            challenge = {"www-authenticate": 'Bearer realm="muster"'}
            answer = failure(401, "no bearer token: send 'Authorization: Bearer TOKEN'", challenge)
            await answer(scope, receive, send)
            return
        try:
            scope.setdefault("state", {})["identity"] = await run_in_threadpool(self._identify, words[1])
        except Exception as error:  # noqa: BLE001 - whatever happens here, nobody comes in
            challenge = {"www-authenticate": 'Bearer realm="muster", error="invalid_token"'}
            unknown = refused(error)
            answer = failure(401, words_of(error), challenge) if unknown else failed(error)
            await answer(scope, receive, send)
            return
        length = connection.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > self._largest:
            await failure(413, self._too_large())(scope, receive, send)
            return
        await self.app(scope, self._counted(receive), send)

    def _identify(self, token: str) -> Identity:
        return identify(self._house.ledger, token, self._house.clock())

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
