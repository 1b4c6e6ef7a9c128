"""A provider, a guard and a door in one process: the real client of OpenAI talks to them without a socket."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
import openai

from muster.adapters.upstream import HttpUpstream
from muster.gateway.chat.budget import Account
from muster.gateway.chat.door import ChatDoor
from muster.gateway.chat.hosted import Answered, Hosted
from muster.gateway.http.asgi import Failed
from muster.guards.stream import Finding, Released
from muster.records.language.hosted import Budget, HostedModel, Price
from muster.records.language.packages import Action

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
MODEL = HostedModel("local", "http://127.0.0.1:9/v1", "tiny", {"temperature": 0}, price=Price("USD", 1.0, 2.0))


class LineGuard:
    """Holds text to the end of its line; a line with ``evil`` ends the answer, one with ``odd`` is replaced."""

    name = "lines"

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> Released:
        self._held += text
        *lines, self._held = self._held.split("\n")
        return self._judged([f"{line}\n" for line in lines])

    def call(self, tool: str, arguments: str) -> Released:
        if "evil" in arguments:
            return Released("", (self._finding(Action.BLOCK),), f"{tool} may not do that")
        if "throw" in arguments:
            msg = "a fault with secret words"
            raise RuntimeError(msg)
        return Released(arguments)

    def close(self) -> Released:
        held, self._held = self._held, ""
        return self._judged([held])

    def _judged(self, lines: Sequence[str]) -> Released:
        out: list[str] = []
        for line in lines:
            if "throw" in line:
                msg = "a fault with secret words"
                raise RuntimeError(msg)
            if "evil" in line:
                return Released("".join(out), (self._finding(Action.BLOCK),), "evil is not allowed")
            out.append("# changed\n" if "odd" in line else line)
        return Released("".join(out))

    def _finding(self, action: Action) -> Finding:
        return Finding(self.name, "evil", action, "evil", 1)


@dataclass
class Provider:
    """An ASGI application that answers as it is told, and remembers what it was asked."""

    chunks: Sequence[bytes] = ()
    status: int = 200
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["path"], json.loads(body), headers))
        kind = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": self.status, "headers": kind})
        for chunk in self.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def chat_chunks(text: str, size: int = 7, *, finish: str | None = "stop", **delta: Any) -> list[bytes]:
    """Return a chat answer as a provider streams it, a few characters a chunk."""
    deltas: list[dict[str, Any]] = [{"role": "assistant"}]
    deltas += [{"content": text[at : at + size]} for at in range(0, len(text), size)]
    deltas += [delta] if delta else []
    choices = [{"index": 0, "delta": each, "finish_reason": None} for each in deltas]
    choices += [{"index": 0, "delta": {}, "finish_reason": finish}] if finish else []
    events: list[dict[str, Any]] = [{"id": "x", "choices": [choice]} for choice in choices]
    events.append({"id": "x", "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 9}})
    return [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events] + [b"data: [DONE]\n\n"]


@dataclass
class World:
    """A door in front of a provider."""

    provider: Provider = field(default_factory=Provider)
    hosted: Hosted = field(
        default_factory=lambda: Hosted(
            "coder", "coding", "sha256:" + "0" * 64, MODEL, "", lambda: (LineGuard(),), Account(Budget())
        )
    )
    kept: list[Answered] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def door(self) -> ChatDoor:
        upstream = HttpUpstream(lambda provider: f"key-of-{provider}", httpx2.ASGITransport(self.provider))
        return ChatDoor(
            upstream,
            self._standing,
            lambda: [self.hosted],
            self.kept.append,
            lambda: None,
            lambda: NOW,
            self.told.append,
        )

    def _standing(self, name: str) -> Hosted:
        if name != self.hosted.deployment:
            raise Failed(404, "no model of that name answers here")
        return self.hosted

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        await self.door()(scope["path"].strip("/").split("/")[1:], scope, receive, send)

    def http(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url="http://muster/v1")

    def client(self) -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(api_key="none", base_url="http://muster/v1", http_client=self.http(), max_retries=0)


async def text_of(stream: AsyncIterator[Any]) -> tuple[str, str]:
    """Return the text of a chat stream and why it ended."""
    text, reason = "", ""
    async for chunk in stream:
        for choice in chunk.choices:
            text += choice.delta.content or ""
            reason = choice.finish_reason or reason
    return text, reason
