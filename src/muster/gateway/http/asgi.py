"""ASGI: requests as they come in, their bodies in bounded time and memory, and how a request is turned away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from types import coroutine
from typing import Any, NamedTuple

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]
Heads = Mapping[bytes, bytes]
"""Headers by name; of one that comes twice, the last."""

BODY_SECONDS = 30.0
"""How long a caller may take to send a body."""

BODIES_BYTES = 256 * 2**20
"""Bytes of bodies that may be on their way in at once; a thousand slow callers must not fill the memory."""


class Failed(Exception):  # noqa: N818 - not a fault: it is the answer
    """A request ends with this status and these words."""

    def __init__(self, status: int, words: str, headers: Headers = ()) -> None:
        super().__init__(words)
        self.status = status
        self.headers = headers


class Reply(NamedTuple):
    """What is sent back."""

    content: bytes
    status: int = 200
    kind: bytes = b"application/json"
    headers: Headers = ()


@dataclass(slots=True)
class Bodies:
    """Reads bodies of requests; counts what is on its way in over all of them."""

    most_at_once: int = BODIES_BYTES
    _coming: int = 0

    async def read(self, receive: Receive, heads: Heads, most: int) -> bytes:
        """Return the body; the time counts from its head on, for a caller may send no byte of it at all.

        Raises
        ------
        Failed
            408 where it does not come, 413 where it is larger than ``most`` bytes, 503 where too many come at once.
        """
        length = heads.get(b"content-length")  # the server has seen to it that there is one at most, and a number
        if length is not None and int(length) > most:
            raise Failed(413, f"the body is larger than {most} bytes: send several requests")
        coming: Any = receive()
        message: Message = {}
        try:
            # A body that is there already, as nearly always, needs no timer, which would cost more than reading it.
            waiting = coming.send(None)
        except StopIteration as done:
            message = done.value
            content = message.get("body", b"")
            if message["type"] == "http.request" and not message.get("more_body", False) and len(content) <= most:
                return bytes(content)
            waiting = None
        try:
            async with asyncio.timeout(BODY_SECONDS):
                if waiting is not None:
                    message = await _rest(coming, waiting)
                return await self._long(message, receive, most)
        except TimeoutError:
            raise Failed(408, f"the body did not come within {BODY_SECONDS:g} seconds") from None

    async def _long(self, message: Message, receive: Receive, most: int) -> bytes:
        body = bytearray()
        try:
            while True:
                if message["type"] != "http.request":
                    raise Failed(400, "the connection ended before the body did")
                part = message.get("body", b"")
                body += part
                self._coming += len(part)
                if len(body) > most:
                    raise Failed(413, f"the body is larger than {most} bytes: send several requests")
                if self._coming > self.most_at_once:
                    raise Failed(503, "too many large bodies at once: send it again in a while")
                if not message.get("more_body", False):
                    return bytes(body)
                message = await receive()
        finally:
            self._coming -= len(body)


@coroutine
def _rest(running: Any, waiting: Any) -> Generator[Any, Any, Message]:
    """Go on with a coroutine that was begun by hand and waits for something."""
    while True:
        try:
            came = yield waiting
        except BaseException as error:  # noqa: BLE001 - it is the coroutine's: cancelled, say, or out of time
            step, came = running.throw, error
        else:
            step = running.send
        try:
            waiting = step(came)
        except StopIteration as done:
            message: Message = done.value
            return message


async def send_whole(send: Send, answer: Reply) -> None:
    """Send a whole answer."""
    content = answer.content
    head = [(b"content-type", answer.kind), (b"content-length", b"%d" % len(content)), *answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": head})
    await send({"type": "http.response.body", "body": content})
