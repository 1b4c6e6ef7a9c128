"""Callers who say nothing are sent away, and those who speak are not."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from muster.gateway.http import patience

GET = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"


async def answer(scope: Any, receive: Any, send: Any) -> None:
    del scope, receive
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def address() -> Iterator[Any]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(answer, http=patience.PatientProtocol, lifespan="off", log_level="critical", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


@pytest.mark.enable_socket
@pytest.mark.parametrize("sent", [b"", b"POST / HT", b"POST / HTTP/1.1\r\nhost:", GET + b"POST / HTTP/1.1\r\n"])
def test_whoever_does_not_end_the_head_of_a_request_is_sent_away(
    address: Any, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)
    with contextlib.closing(socket.create_connection(address, 20)) as caller:
        caller.sendall(sent)
        received = b""
        while part := caller.recv(1000):  # ends only when the other side closes
            received += part
    assert received.count(b"204") == sent.count(GET)


@pytest.mark.enable_socket
def test_whoever_speaks_is_answered_again_and_again(address: Any) -> None:
    with contextlib.closing(socket.create_connection(address, 20)) as caller:
        for _ in range(3):
            caller.sendall(GET)
            assert b"204 No Content" in caller.recv(1000)


@pytest.mark.enable_socket
def test_who_has_just_connected_is_answered_although_the_process_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(answer, http=patience.PatientProtocol, lifespan="off", log_level="critical", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        with (
            contextlib.closing(socket.create_connection(listening.getsockname(), 20)) as fresh,
            contextlib.closing(socket.create_connection(listening.getsockname(), 20)) as known,
        ):
            known.sendall(GET)
            assert b"204" in known.recv(1000)
            while len(server.server_state.connections) < 2:
                threading.Event().wait(0.01)
            server.should_exit = True
            while server.servers and server.servers[0].is_serving():
                threading.Event().wait(0.01)
            for caller in (fresh, known):
                caller.sendall(GET)
                received = b""
                while part := caller.recv(1000):
                    received += part
                assert b"204" in received
                assert b"connection: close" in received
        thread.join()
