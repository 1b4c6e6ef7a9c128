"""A caller of an ASGI application, without a server."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass
class Caller:
    """Calls an ASGI application without a server; ``told`` is what the operator was told."""

    gateway: Any
    told: list[str]

    def __call__(self, method: str, path: str, content: Any = b"", **headers: str) -> tuple[int, Any]:
        """Return the status and the JSON of the answer; ``content`` is bytes, chunks of bytes, or JSON values."""
        status, _, answered = self.exchange(method, path, content, **headers)
        return status, json.loads(answered)

    def exchange(
        self, method: str, path: str, content: Any = b"", **headers: str
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        """Return status, headers and content of the answer; ``path`` may have a query."""
        chunks = content if isinstance(content, list) else [content if isinstance(content, bytes) else jsonb(content)]
        messages = [
            {"type": "http.request", "body": chunk, "more_body": place < len(chunks)}
            for place, chunk in enumerate(chunks, 1)
        ]
        named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        sent: list[Any] = []

        async def receive() -> Any:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        place, _, query = path.partition("?")
        scope = {"type": "http", "method": method, "path": place, "query_string": query.encode(), "headers": named}
        asyncio.run(self.gateway(scope, receive, send))
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]

    def infer(self, content: Any, path: str = "/v2/models/loans/infer", **headers: str) -> tuple[int, Any]:
        """Ask for an inference."""
        return self("POST", path, content, **headers)


def jsonb(content: Any) -> bytes:
    """Write JSON."""
    return json.dumps(content).encode()
