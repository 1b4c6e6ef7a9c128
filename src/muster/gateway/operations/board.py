"""Board: figures and health on a port of their own, for those who run the gateway."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from typing import Protocol

import uvicorn

from muster.gateway.http.asgi import Message, Receive, Reply, Send, send_whole
from muster.gateway.http.patience import PatientProtocol
from muster.gateway.operations.families import EDGES, FAMILIES, Family, Sample

CONNECTIONS = 32
"""More at once are turned away."""

_TEXT = b"text/plain; charset=utf-8"


class Write(Protocol):
    """Writes figures as those who collect them read them."""

    def __call__(
        self, families: Mapping[str, Family], edges: tuple[float, ...], samples: Iterable[Sample], accepted: str
    ) -> tuple[bytes, str]:
        """Return the text and its content type."""
        ...


class Board:
    """ASGI application of the port for figures: ``/metrics``, ``/healthz`` and ``/readyz``.

    Parameters
    ----------
    figures
        Tells the figures of the moment.
    write
        Writes them.
    """

    def __init__(self, figures: Callable[[], Awaitable[Iterable[Sample]]], write: Write) -> None:
        self._figures = figures
        self._write = write

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        if scope["type"] != "http":
            return
        if scope["method"] not in ("GET", "HEAD"):
            await send_whole(send, Reply(b"this takes GET\n", 405, _TEXT, [(b"allow", b"GET, HEAD")]))
            return
        await send_whole(send, await self._reply(scope))

    async def _reply(self, scope: Message) -> Reply:
        match scope["path"]:
            case "/metrics":
                accepted = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
                content, kind = self._write(FAMILIES, EDGES, await self._figures(), accepted)
                return Reply(content, 200, kind.encode())
            case "/healthz":
                return Reply(b"ok\n", 200, _TEXT)
            case "/readyz":
                if any(sample.family == "ready" and sample.value for sample in await self._figures()):
                    return Reply(b"ok\n", 200, _TEXT)
                return Reply(b"not ready\n", 503, _TEXT)
        return Reply(b"there are /metrics, /healthz and /readyz\n", 404, _TEXT)


class _Beside(uvicorn.Server):
    """A server beside another one in the same process, which leaves the signals to that."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


class Boarding:
    """The board, answering until it is told to end.

    Parameters
    ----------
    board
        What answers.
    listening
        Where.
    """

    def __init__(self, board: Board, listening: socket.socket) -> None:
        config = uvicorn.Config(
            board,
            http=PatientProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=1,
        )
        self._server = _Beside(config)
        self._listening = listening

    async def run(self) -> None:
        """Answer until :meth:`end`."""
        await self._server.serve(sockets=[self._listening])

    def end(self) -> None:
        """Answer no more."""
        self._server.should_exit = True
