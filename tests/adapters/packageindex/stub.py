"""A small index on this machine: PEP 691 and PEP 503 listings, single projects, and a registry as npm asks it."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

ETAG = '"31"'
SIMPLE = "application/vnd.pypi.simple.v1+json"
PROJECTS: dict[str, dict[str, Any]] = {
    "numpy": {"files": [{"upload-time": "2006-12-02T21:05:00.1Z"}, {"upload-time": "2026-01-01T00:00:00Z"}]},
    "fresh": {"files": [{"upload-time": "2026-11-20T08:00:00.000000Z"}]},
    "yanked": {"files": [{"upload-time": "2020-01-01T00:00:00Z", "yanked": "malware"}]},
    "empty": {"files": []},
    "held": {"files": [], "project-status": {"status": "quarantined"}},
    "odd": {"files": {"a": 1}},
}
PACKAGES: dict[str, dict[str, Any]] = {
    "left-pad": {
        "versions": {"1.3.0": {}},
        "dist-tags": {"latest": "1.3.0"},
        "time": {"created": "2014-03-14T00:00:00Z"},
    },
    "@acme/tool": {"versions": {"1.0.0": {}}, "dist-tags": {"latest": "1.0.0"}},
    "malice": {"versions": {"0.0.1-security": {}}, "dist-tags": {"latest": "0.0.1-security"}},
    "unpublished": {"time": {"unpublished": {}}},
}


class Stub(ThreadingHTTPServer):
    """The server; tests set what it does and look at what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.names = [*PROJECTS, "Zope.Interface"]
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.broken = ""
        """One of: html, cut, text, 500, 401, moved."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def simple(self) -> str:
        return f"{self.address}/main/simple/"


class _Answers(BaseHTTPRequestHandler):
    server: Stub
    protocol_version = "HTTP/1.1"
    html: ClassVar[str] = "text/html; charset=utf-8"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.server.broken in {"500", "401"}:
            self._send(int(self.server.broken), b"no", "text/plain")
        elif self.server.broken == "moved" and self.path == "/main/simple/":
            self._send(302, b"", "text/plain", {"location": "/elsewhere/simple/"})
        elif self.path in {"/main/simple/", "/elsewhere/simple/"}:
            self._listing()
        elif self.path.startswith("/main/simple/"):
            self._document(PROJECTS.get(self.path.removeprefix("/main/simple/").strip("/")), SIMPLE)
        else:
            name = self.path.removeprefix("/npm/").replace("%2F", "/")
            self._document(PACKAGES.get(name), "application/vnd.npm.install-v1+json")

    def _listing(self) -> None:
        if self.headers.get("if-none-match") == ETAG:
            self._send(304, b"", SIMPLE)
            return
        if self.server.broken == "html" or "json" not in self.headers.get("accept", ""):
            links = "".join(f'<a href="{name}/">{name}</a><br>' for name in self.server.names)
            self._send(200, f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), self.html)
            return
        projects = [{"name": name} for name in self.server.names]
        content = json.dumps({"meta": {"_last-serial": 31, "api-version": "1.1"}, "projects": projects}).encode()
        if self.server.broken == "text":
            self._send(200, b"please log in", "text/plain")
        elif self.server.broken == "cut":
            self._send(200, content[:-20], SIMPLE, length=len(content))
        else:
            more = {"etag": ETAG, "content-encoding": "gzip"}
            self._send(200, gzip.compress(content), SIMPLE, more)

    def _document(self, value: dict[str, Any] | None, kind: str) -> None:
        if value is None:
            self._send(404, b"{}", "application/json")
        else:
            self._send(200, json.dumps(value).encode(), kind)

    def _send(
        self, status: int, content: bytes, kind: str, more: dict[str, str] | None = None, length: int | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content) if length is None else length))
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        if length is not None:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def stub() -> Iterator[Stub]:
    """Run the index."""
    with Stub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
