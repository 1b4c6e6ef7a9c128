"""A provider of language models on loopback that says what it is told, whole or as a stream."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Said:
    """What it answers to a question, and what it was asked."""

    answer: Callable[[str], str]
    size: int = 5
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@contextmanager
def language_model(answer: Callable[[str], str]) -> Iterator[Said]:
    """Run a provider while the block runs; ``answer`` may be exchanged meanwhile."""
    said = Said(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send("application/json", b'{"status": "ok"}')

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            said.asked.append(body)
            text = said.answer(body["messages"][-1]["content"])
            usage = {"prompt_tokens": 4, "completion_tokens": len(text.split())}
            if not body.get("stream"):
                whole = {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}], "usage": usage}
                self._send("application/json", json.dumps(whole).encode())
                return
            pieces = [{"content": text[at : at + said.size]} for at in range(0, len(text), said.size)]
            chunks = [{"choices": [{"index": 0, "delta": piece, "finish_reason": None}]} for piece in pieces]
            chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            chunks.append({"choices": [], "usage": usage})
            lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
            self._send("text/event-stream", "".join([*lines, "data: [DONE]\n\n"]).encode())

        def _send(self, kind: str, content: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield said
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
