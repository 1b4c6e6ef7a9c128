"""App: the Open Inference Protocol over raw ASGI; every request ends in JSON, an error never tells what was sent."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version as version_of

from muster.gateway.admission.pushed import LARGEST
from muster.gateway.admission.table import Table
from muster.gateway.catalogue import describe_model, describe_server, reply
from muster.gateway.chat.door import ChatDoor
from muster.gateway.chat.hosted import Hosted
from muster.gateway.http.asgi import Bodies, Failed, Message, Receive, Send, send_whole
from muster.gateway.served import Refused, Served
from muster.gateway.tensors import Limits, Request, read_request, write_answer
from muster.ports.clock import Clock

INLINE_ROWS = 1_000
"""Larger requests are worked off in a thread, so that they do not hold up the small ones."""

INLINE_BYTES = 256 * 2**10
"""Larger bodies are read in that thread, too."""

LARGE_WAITING = 64
"""More large requests at once are turned away: each holds its body in memory."""

UNAVAILABLE = "not available"
"""All that a caller learns of why nothing serves here; the operator's log has the reason."""


VERSION = version_of("muster-ml")


@dataclass(slots=True)
class Gateway:
    """The ASGI application.

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
    """

    table: Table
    clock: Clock
    tell: Callable[[str], None]
    limits: Limits = field(default_factory=Limits)
    pushed: Callable[[bytes], Awaitable[bool]] | None = None
    """Takes pushed orders; False where too many came."""
    chat: ChatDoor | None = None
    """Answers for language models, under ``/v1``."""
    bodies: Bodies = field(default_factory=Bodies)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "muster-large"))
    _waiting: int = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        path = scope["path"].strip("/").split("/")
        try:
            if path[0] == "v1" and self.chat is not None:
                await self.chat(path[1:], scope, receive, send)
                return
            status, content = await self._route(scope["method"], path, scope, receive)
        except Failed as failed:
            status, content = failed.status, reply({"error": str(failed)})
        except Exception as error:  # noqa: BLE001 - the trace is the operator's, not the caller's
            # Its place only: the words of an error may repeat what was sent.
            place = traceback.extract_tb(error.__traceback__)[-1]
            self.tell(f"internal error: {type(error).__name__} in {place.name}, {place.filename}:{place.lineno}")
            status, content = 500, reply({"error": "internal error"})
        await send_whole(send, status, content)

    def hosted(self) -> list[Hosted]:
        """Return the language models that answer now."""
        now = self.clock()
        return [found for place in self.table.places.values() if isinstance(found := place.standing(now), Hosted)]

    def hosted_as(self, name: str) -> Hosted:
        """Return the language model that answers under a name; raise Failed where none does."""
        place = self.table.places.get(name)
        if place is None:
            raise Failed(404, "no model of that name answers here")
        found = place.standing(self.clock())
        if found is None:
            raise Failed(503, UNAVAILABLE)
        if not isinstance(found, Hosted):
            raise Failed(404, "this is no language model: ask it at /v2/models")
        return found

    async def _route(self, method: str, path: list[str], scope: Message, receive: Receive) -> tuple[int, bytes]:
        match path:
            case ["v2", "models", name, "infer"] if method == "POST":
                return 200, await self._infer(name, "", await self._body(scope, receive))
            case ["v2", "models", name, "versions", version, "infer"] if method == "POST":
                return 200, await self._infer(name, version, await self._body(scope, receive))
            case ["v2", "models", _, "infer"] | ["v2", "models", _, "versions", _, "infer"]:
                raise Failed(405, "infer takes POST")
            case ["v2", "muster", "orders"] if method == "POST" and self.pushed is not None:
                return await self._take_orders(self.pushed, scope, receive)
            case ["v2", *rest] if method in ("GET", "HEAD"):
                return self._describe(rest)
        raise Failed(404, "nothing is here; the Open Inference Protocol begins at /v2, that of OpenAI at /v1")

    def _describe(self, path: list[str]) -> tuple[int, bytes]:
        match path:
            case []:
                return 200, reply(describe_server(VERSION))
            case ["health", "live"]:
                return 200, reply({"live": True})
            case ["health", "ready"]:
                return _readiness(ready=bool(self.table.serving(self.clock())))
            case ["models", name] | ["models", name, "versions", _]:
                return 200, reply(describe_model(name, self._standing(name, "".join(path[3:]))))
            case ["models", name, "ready"]:
                return self._model_readiness(name, "")
            case ["models", name, "versions", version, "ready"]:
                return self._model_readiness(name, version)
        raise Failed(404, "nothing is here, or it is not spoken yet")

    def _model_readiness(self, name: str, version: str) -> tuple[int, bytes]:
        try:
            self._standing(name, version)
        except Failed as failed:
            if failed.status != 503:
                raise
            return _readiness(ready=False)
        return _readiness(ready=True)

    def _standing(self, name: str, version: str) -> Served:
        """Return what answers under a name; a version, if one is asked for, must be the very one."""
        place = self.table.places.get(name)
        if place is None:
            raise Failed(404, "no model of that name") if self.table.places else Failed(503, UNAVAILABLE)
        served = place.standing(self.clock())
        if served is None:
            raise Failed(503, UNAVAILABLE)
        if isinstance(served, Hosted):
            raise Failed(404, "this is a language model: ask it at /v1/chat/completions")
        if version not in ("", served.version):
            raise Failed(404, "the model does not serve that version")
        return served

    async def _infer(self, name: str, version: str, body: bytes) -> bytes:
        started = time.perf_counter()
        served = self._standing(name, version)
        try:
            if len(body) > INLINE_BYTES:
                return await self._aside(lambda: self._decide(served, read_request(body, self.limits), started))
            request = read_request(body, self.limits)
            if request.rows.size > INLINE_ROWS:
                return await self._aside(lambda: self._decide(served, request, started))
            return self._decide(served, request, started)
        except Refused as refused:
            raise Failed(422, str(refused)) from None
        except OverflowError as error:
            raise Failed(413, str(error)) from None
        except ArithmeticError as error:
            self.tell(f"{name}: {error}")
            raise Failed(500, "the model gave no usable answer") from None
        except ValueError as error:
            raise Failed(400, str(error)) from None
        except OSError as error:
            self.tell(f"{name}: {error}")
            raise Failed(503, UNAVAILABLE) from None

    async def _take_orders(
        self, pushed: Callable[[bytes], Awaitable[bool]], scope: Message, receive: Receive
    ) -> tuple[int, bytes]:
        """Answer all that can be read alike: whoever sends it learns nothing of what is followed here."""
        if not await pushed(await self._body(scope, receive, LARGEST)):
            raise Failed(429, "too many orders were pushed: the outbox is looked at all the same")
        return 202, reply({"received": True})

    async def _body(self, scope: Message, receive: Receive, most: int = 0) -> bytes:
        _require_plain(scope)
        return await self.bodies.read(scope, receive, most or self.limits.body_bytes)

    def _decide(self, served: Served, request: Request, started: float) -> bytes:
        return write_answer(served.decide(request.rows, request.id, self.clock(), started), request.outputs)

    async def _aside(self, work: Callable[[], bytes]) -> bytes:
        """Work off a large request in a thread; raise OSError where too many wait for that already."""
        if self._waiting >= LARGE_WAITING:
            msg = f"{LARGE_WAITING} large requests wait already: this one was turned away"
            raise OSError(msg)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _readiness(*, ready: bool) -> tuple[int, bytes]:
    return (200, reply({"ready": True})) if ready else (503, reply({"ready": False, "error": UNAVAILABLE}))


def _require_plain(scope: Message) -> None:
    """Refuse by its head what is written as it cannot be read."""
    for name, value in scope["headers"]:
        if name == b"content-encoding" and value.lower() != b"identity":
            raise Failed(415, "compressed bodies are not taken: send the JSON as it is")
        if name == b"inference-header-content-length":
            raise Failed(415, "binary tensors are not taken: send JSON (tritonclient: binary_data=False)")
