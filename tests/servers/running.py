"""Small HTTP servers of tests: a function answers at an address of this machine while a block runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

POLL_SECONDS = 0.01
"""How soon a server notices that it shall stop; the standard library's half a second adds up over many tests."""

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, whole."""

    method: str
    path: str
    headers: Message
    content: bytes


Answer = tuple[int, str, bytes]
"""Status, content type and body."""


@contextmanager
def listening(answer: Callable[[Asked], Answer]) -> Iterator[str]:
    """Answer GET and POST at a free port; give the address."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length", "0")))
            status, kind, body = answer(Asked(self.command, self.path, self.headers, content))
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the standard library names it so

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
