"""Answer: one answer on its way from a provider through the guards to the client; ends in a line of the log."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Protocol

from muster.gateway.chat.asking import Asked
from muster.gateway.chat.events import END, Events
from muster.gateway.chat.guarding import Guarded
from muster.gateway.chat.hosted import Answered, Hosted
from muster.gateway.chat.pieces import Incoming, Outgoing, Refusal, Usage
from muster.gateway.chat.reading import ProviderFailed, read_event
from muster.gateway.chat.writing.chat import ChatWriter
from muster.gateway.chat.writing.completions import CompletionWriter
from muster.gateway.chat.writing.responses import ResponseWriter
from muster.gateway.http.asgi import Failed, Reply, Send, send_whole
from muster.ports.upstream import ProviderDown, Upstream

_STREAM = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store")]

Writer = ChatWriter | CompletionWriter | ResponseWriter


class Asks(Protocol):
    """What an answer needs of its door."""

    @property
    def upstream(self) -> Upstream:
        """Asks providers."""
        ...

    @property
    def keep(self) -> Callable[[Answered], None]:
        """Logs what became of a request."""
        ...

    def stands(self, hosted: Hosted) -> bool:
        """Tell whether a deployment may answer still; people may stop it while it does."""
        ...

    @property
    def tell(self) -> Callable[[str], None]:
        """Takes lines for the operator."""
        ...


@dataclass(slots=True)
class Answer:
    """One answer on its way."""

    door: Asks
    asked: Asked
    hosted: Hosted
    body: Any
    writer: Writer
    identifier: str
    outcome: str = "answered"
    guarded: Guarded = field(init=False)
    usage: Usage = field(default_factory=lambda: Usage(0, 0))
    begun: float = field(default_factory=time.perf_counter)
    first: float = 0.0
    started: bool = False
    """Whether the head of the HTTP answer is out."""
    heard: bool = False
    """Whether the provider has said anything."""

    def __post_init__(self) -> None:
        self.guarded = Guarded(self.hosted.open_guards)

    async def run(self, send: Send) -> None:
        """Ask the provider, guard what it says, and send it on."""
        whole: list[Outgoing] = []
        try:
            async for piece in self._pieces():
                self._note(piece)
                if self.asked.streams:
                    await self._send(send, b"".join(self.writer.stream(piece)))
                else:
                    whole.append(piece)
        except (ProviderDown, ProviderFailed, PermissionError) as error:
            self._broken(error)
            limited = isinstance(error, ProviderDown) and error.status == 429
            raise Failed(429 if limited else 502, "the model's provider could not be asked; try again later") from None
        if self.asked.streams:
            await self._send(send, self.writer.end())
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await send_whole(send, Reply(self.writer.whole(whole)))

    def _note(self, piece: Outgoing) -> None:
        if isinstance(piece, Refusal) and self.outcome != "cut":
            self.outcome = "stopped"
        if isinstance(piece, Usage):
            self.usage = piece
        self.first = self.first or time.perf_counter()

    def _broken(self, error: Exception) -> None:
        self.outcome = "failed"
        self.door.tell(f"{self.hosted.deployment}: {error}")

    async def _pieces(self) -> AsyncIterator[Outgoing]:
        """Yield guarded pieces; what a provider breaks off after its beginning ends in a refusal, not in an error."""
        guarded = self.guarded
        try:
            async with aclosing(self._standing()) as said:
                async for piece in said:
                    for out in guarded.feed(piece):
                        yield out
            ended = guarded.abandon() if self.outcome == "cut" else guarded.close()
        except (ProviderDown, ProviderFailed, ValueError) as error:
            if not self.heard:
                raise ProviderFailed(str(error)) if isinstance(error, ValueError) else error from None
            self._broken(error)
            ended = guarded.abandon()
        for out in ended:
            yield out

    async def _standing(self) -> AsyncGenerator[Incoming]:
        """Yield what the provider says, for as long as the deployment may answer."""
        async with aclosing(self._said()) as said:
            async for piece in said:
                if not self.door.stands(self.hosted):
                    self.outcome = "cut"
                    return
                yield piece

    async def _said(self) -> AsyncGenerator[Incoming]:
        """Yield what the provider says, as it comes."""
        events, chat = Events(), self.asked.path == "/chat/completions"
        async with aclosing(self._asked_of(self.hosted.model.provider)) as answer:
            async for content in answer:
                for data in events.feed(content):
                    self.heard = True
                    for piece in read_event(data, chat=chat) if data != END else ():
                        yield piece

    def _asked_of(self, provider: str) -> Any:
        return self.door.upstream.stream(provider, self.hosted.path + self.asked.path, self.body)

    async def _send(self, send: Send, content: bytes) -> None:
        if not self.started:
            self.started = True
            await send({"type": "http.response.start", "status": 200, "headers": _STREAM})
        if content:
            await send({"type": "http.response.body", "body": content, "more_body": True})

    def finish(self) -> None:
        """Charge the account and keep what became of the request."""
        now = time.perf_counter()
        for failure in self.guarded.failures:
            self.door.tell(f"{self.hosted.deployment}: a guard failed ({failure}), and the answer was stopped")
        used = self.usage
        cost = self.hosted.account.charge(time.monotonic(), self.hosted.model, used.input_tokens, used.output_tokens)
        self.door.keep(
            Answered(
                self.identifier,
                self.hosted,
                self.asked.protocol,
                self.outcome,
                used.input_tokens,
                used.output_tokens,
                cost,
                tuple(self.guarded.findings),
                int((self.first - self.begun) * 1e6) if self.first else 0,
                int((now - self.begun) * 1e6),
                self.guarded.received,
            )
        )
