"""App: HTTP over raw ASGI; each request goes to the protocol of its path, and an error never tells what was sent."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from muster.gateway.admission.pushed import LARGEST
from muster.gateway.admission.table import Table
from muster.gateway.chat.door import ChatDoor
from muster.gateway.chat.hosted import Hosted
from muster.gateway.desk import INLINE_BYTES, UNAVAILABLE, Desk
from muster.gateway.http.asgi import Failed, Message, Receive, Reply, Send, send_whole
from muster.gateway.http.coding import deflated
from muster.gateway.protocols.invocations import CODES, Invocations
from muster.gateway.protocols.oip.inference import Inference
from muster.gateway.protocols.predict import Predict
from muster.ports.clock import Clock

NOTHING = (
    "nothing is here; models answer at /predict/NAME, /invocations and /v2 (Open Inference Protocol), language models"
    " at /v1 (that of OpenAI); /openapi.json tells more"
)

_JSON = msgspec.json.Encoder().encode


class Gateway:
    """The ASGI application.

    Parameters
    ----------
    table
        What is served at first; whoever follows the outbox puts a new one in its place.
    clock
        Tells when a deadline has passed.
    tell
        Takes lines for the operator.
    """

    def __init__(self, table: Table, clock: Clock, tell: Callable[[str], None]) -> None:
        self.desk = desk = Desk(table, clock, tell)
        self.inference, self.invocations, self.predict = Inference(desk), Invocations(desk), Predict(desk)
        self.turned: dict[int, int] = {}
        """Requests that were turned away, by status; those that a deployment was asked are in its counts as well."""
        self.pushed: Callable[[bytes], Awaitable[bool]] | None = None
        """Takes pushed orders; False where too many came."""
        self.chat: ChatDoor | None = None
        """Answers for language models, under ``/v1``."""

    @property
    def table(self) -> Table:
        """What is served at the moment."""
        return self.desk.table

    @table.setter
    def table(self, table: Table) -> None:
        """Serve from now on what another table says."""
        self.desk.table = table

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        path: list[str] = scope["path"].strip("/").split("/")
        heads = dict(scope["headers"])
        try:
            if len(path) == 2 and path[0] == "predict":  # the fastest door, by the shortest way
                reply = await self.predict(path[1], scope, receive, heads)
            elif path[0] == "v1" and self.chat is not None:
                await self.chat(path[1:], scope, receive, send)
                return
            else:
                reply = await self._route(path, scope, receive, heads)
        except Failed as failed:
            self.turned[failed.status] = self.turned.get(failed.status, 0) + 1
            reply = Reply(_error(path, failed.status, str(failed)), failed.status, headers=failed.headers)
        except Exception as error:  # noqa: BLE001 - the trace is the operator's, not the caller's
            # Its place only: the words of an error may repeat what was sent.
            place = traceback.extract_tb(error.__traceback__)[-1]
            told = f"internal error: {type(error).__name__} in {place.name}, {place.filename}:{place.lineno}"
            self.desk.tell(told)
            self.turned[500] = self.turned.get(500, 0) + 1
            reply = Reply(_error(path, 500, "internal error"), 500)
        accepted = heads.get(b"accept-encoding")
        if accepted is not None:
            large = len(reply.content) > INLINE_BYTES
            reply = await asyncio.to_thread(deflated, reply, accepted) if large else deflated(reply, accepted)
        await send_whole(send, reply)

    async def _route(self, path: list[str], scope: Message, receive: Receive, heads: dict[bytes, bytes]) -> Reply:
        match path:
            case ["v2", "muster", "orders"] if scope["method"] == "POST" and self.pushed is not None:
                return await self._take_orders(self.pushed, receive, heads)
            case ["v2", *rest]:
                return await self.inference(rest, scope, receive, heads)
            case ["healthz" | "readyz" as what]:
                return self._health(what, scope)
            case ["openapi.json"]:
                return self.predict.page(scope)
            case ["invocations" | "ping" | "health" | "version" as what]:
                return await self.invocations("", what, scope, receive, heads)
            case [name, "invocations" | "ping" | "health" | "version" as what] if name != "v1":
                return await self.invocations(name, what, scope, receive, heads)
        raise Failed(404, NOTHING)

    def _health(self, what: str, scope: Message) -> Reply:
        """Answer as orchestrators ask: alive is whoever answers at all; why nothing serves is the operator's."""
        if scope["method"] not in ("GET", "HEAD"):
            raise Failed(405, "this takes GET", [(b"allow", b"GET, HEAD")])
        if what == "healthz" or self.desk.ready():
            return Reply(b"ok\n", kind=b"text/plain")
        return Reply(b"not ready\n", 503, b"text/plain")

    def hosted(self) -> list[Hosted]:
        """Return the language models that answer now."""
        now = self.desk.clock()
        return [found for place in self.table.places.values() if isinstance(found := place.standing(now), Hosted)]

    def hosted_as(self, name: str) -> Hosted:
        """Return the language model that answers under a name; raise Failed where none does."""
        place = self.table.places.get(name)
        if place is None:
            raise Failed(404, "no model of that name answers here")
        found = place.standing(self.desk.clock())
        if found is None:
            raise Failed(503, UNAVAILABLE)
        if not isinstance(found, Hosted):
            raise Failed(404, "this is no language model: ask it at /v2/models")
        return found

    async def _take_orders(
        self, pushed: Callable[[bytes], Awaitable[bool]], receive: Receive, heads: dict[bytes, bytes]
    ) -> Reply:
        """Answer all that can be read alike: whoever sends it learns nothing of what is followed here."""
        if not await pushed(await self.desk.body(receive, heads, LARGEST)):
            raise Failed(429, "too many orders were pushed: the outbox is looked at all the same")
        return Reply(_JSON({"received": True}), 202)


def _error(path: list[str], status: int, words: str) -> bytes:
    """Write an error as clients of the path's protocol read it."""
    told: dict[str, Any] = {"error": words}
    if path[-1] == "invocations":
        told = {"error_code": CODES.get(status, "BAD_REQUEST"), "message": words}
    return _JSON(told)
