"""Door: OpenAI's HTTP protocol over raw ASGI. What a client sends or a model says never stands in an error or a log."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from muster.gateway.chat.answer import Answer, Writer
from muster.gateway.chat.asking import Asked, Protocol, read_asked
from muster.gateway.chat.budget import OverBudget
from muster.gateway.chat.hosted import Answered, Hosted
from muster.gateway.chat.writing.chat import ChatWriter, Head
from muster.gateway.chat.writing.completions import CompletionWriter
from muster.gateway.chat.writing.responses import ResponseWriter
from muster.gateway.http.asgi import Bodies, Failed, Message, Receive, Reply, Send, send_whole
from muster.gateway.http.keys import client_asking
from muster.gateway.ids import unique_ids
from muster.ports.clock import Clock
from muster.ports.upstream import Upstream
from muster.rules.language.clients import Client, Clients

_ENCODE = msgspec.json.Encoder().encode

BODY_BYTES = 16 * 2**20
"""Largest request."""

ABSENT = "no model of that name answers here"

PATHS = {
    ("chat", "completions"): Protocol.CHAT,
    ("completions",): Protocol.COMPLETIONS,
    ("responses",): Protocol.RESPONSES,
}


@dataclass(slots=True)
class ChatDoor:
    """Answers what lies under ``/v1``.

    Parameters
    ----------
    upstream
        Asks providers.
    standing
        Returns the deployment that answers to a name; raises Failed where none does.
    listed
        Returns all that answer now.
    keep
        Logs what became of a request.
    catch_up
        Raises OSError while something that was answered could not be logged: then nothing more is answered.
    clock, tell
        The moment; lines for the operator.
    """

    upstream: Upstream
    standing: Callable[[str], Hosted]
    listed: Callable[[], Sequence[Hosted]]
    keep: Callable[[Answered], None]
    catch_up: Callable[[], None]
    clock: Clock
    tell: Callable[[str], None]
    clients: Clients | None = None
    """Those who may ask; None: whoever reaches the port."""
    bodies: Bodies = field(default_factory=Bodies)

    async def __call__(self, path: list[str], scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; ``path`` is what stands behind ``/v1``."""
        try:
            client = client_asking(self.clients, scope["headers"], self.tell)
            if scope["method"] in {"GET", "HEAD"} and path[:1] == ["models"]:
                await send_whole(send, Reply(self._models(path[1:], client)))
                return
            protocol = _protocol(path, scope["method"])
            asked = _read(await self.bodies.read(receive, dict(scope["headers"]), BODY_BYTES), protocol)
            await self._answer(asked, self._hosted(asked.model, client), receive, send)
        except Failed as failed:
            content = error_body(failed.status, str(failed))
            await send_whole(send, Reply(content, failed.status, headers=failed.headers))

    def _hosted(self, name: str, client: Client | None) -> Hosted:
        """Return the deployment that is asked; one of another use case is not there for this client."""
        hosted = self.standing(name)
        if client is not None and hosted.use_case != client.use_case:
            raise Failed(404, ABSENT)
        return hosted

    def stands(self, hosted: Hosted) -> bool:
        """Tell whether anything may answer still under the name of a deployment; a newer version lets it end."""
        try:
            self.standing(hosted.deployment)
        except Failed:
            return False
        return True

    def _models(self, path: list[str], client: Client | None) -> bytes:
        created = int(self.clock().timestamp())
        seen = [hosted for hosted in self.listed() if client is None or hosted.use_case == client.use_case]
        known = [_model(hosted, created) for hosted in seen]
        if not path:
            return bytes(_ENCODE({"object": "list", "data": known}))
        name = "/".join(path)
        found = next((model for model in known if model["id"] == name), None)
        if found is None:
            raise Failed(404, ABSENT)
        return bytes(_ENCODE(found))

    async def _answer(self, asked: Asked, hosted: Hosted, receive: Receive, send: Send) -> None:
        try:
            self.catch_up()
            hosted.account.admit(time.monotonic())
            body = hosted.body(asked)
        except OverBudget as over:
            raise Failed(429, str(over), [(b"retry-after", b"%d" % (over.wait + 1))]) from None
        except ValueError as error:
            raise Failed(400, str(error)) from None
        except OSError as error:
            self.tell(f"{hosted.deployment}: {error}")
            raise Failed(503, "not available") from None
        moment = int(self.clock().timestamp() * 1_000)
        (identifier,) = unique_ids(1, moment)
        answer = Answer(
            self,
            asked,
            hosted,
            body,
            _writer(asked, Head(_named(asked, identifier), moment // 1000, asked.model)),
            identifier,
        )
        work = asyncio.ensure_future(answer.run(send))  # noqa: TID251 - held and awaited here
        gone = asyncio.ensure_future(_hung_up(receive))  # noqa: TID251 - as above
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                answer.outcome = "left"
                work.cancel()
            await asyncio.gather(work, return_exceptions=False)
        except asyncio.CancelledError:
            if answer.outcome != "left":
                raise
        finally:
            gone.cancel()
            answer.finish()


def error_body(status: int, words: str) -> bytes:
    """Return an error as OpenAI's clients read it."""
    kinds = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
    kind = kinds.get(status, "invalid_request_error" if status < 500 else "server_error")
    return bytes(_ENCODE({"error": {"message": words, "type": kind, "param": None, "code": None}}))


def _protocol(path: list[str], method: str) -> Protocol:
    protocol = PATHS.get(tuple(path))
    if protocol is None:
        raise Failed(404, "nothing is here; there are /v1/chat/completions, /completions, /responses and /models")
    if method != "POST":
        raise Failed(405, "this takes POST")
    return protocol


def _read(body: bytes, protocol: Protocol) -> Asked:
    try:
        return read_asked(body, protocol)
    except ValueError as error:
        raise Failed(400, str(error)) from None


def _writer(asked: Asked, head: Head) -> Writer:
    if asked.protocol is Protocol.CHAT:
        return ChatWriter(head, asked.usage_asked)
    if asked.protocol is Protocol.COMPLETIONS:
        return CompletionWriter(head, asked.usage_asked)
    return ResponseWriter(head, dict(asked.echoed or {}))


def _named(asked: Asked, identifier: str) -> str:
    prefix = {Protocol.CHAT: "chatcmpl-", Protocol.COMPLETIONS: "cmpl-", Protocol.RESPONSES: ""}
    return f"{prefix[asked.protocol]}{identifier}"


def _model(hosted: Hosted, created: int) -> dict[str, Any]:
    return {"id": hosted.deployment, "object": "model", "created": created, "owned_by": hosted.use_case}


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
