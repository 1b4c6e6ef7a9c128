from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

from muster.api.app import create_app
from muster.api.gate import Gate

if TYPE_CHECKING:
    from tests.conftest import Founded


def test_a_known_token_comes_in(api: TestClient) -> None:
    assert api.get("/api/actor/list").status_code == 200


def test_an_unknown_token_does_not(api: TestClient) -> None:
    answer = api.get("/api/actor/list", headers={"authorization": "Bearer muster_unknown"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="muster", error="invalid_token"'
    assert "not known here" in answer.json()["error"]


def test_other_ways_to_say_who_one_is_are_not_understood(api: TestClient) -> None:
    for words in ("Basic YTpi", "Bearer", "Bearer a b", ""):
        assert api.get("/api/actor/list", headers={"authorization": words}).status_code == 401


def test_a_large_body_is_refused_by_its_announced_length(api: TestClient) -> None:
    answer = api.post("/api/actor/add", content=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "largest_upload_mib" in answer.json()["error"]


def test_a_large_body_without_a_length_is_cut_off(api: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    answer = api.post("/api/actor/add", content=chunks(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_the_body_of_somebody_unknown_is_not_read(api: TestClient) -> None:
    # The test client reads the body itself, so only what the application would do with it can be seen: nothing.
    answer = api.post("/api/actor/add", content=b"{", headers={"authorization": "Bearer x"})
    assert answer.status_code == 401


def test_a_body_that_stops_coming_is_given_up(founded: Founded) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        if len(sent) < 1:
            sent.append("piece")
            return {"type": "http.request", "body": b"{", "more_body": True}
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    token = f"Bearer {founded.tokens['admin']}".encode()
    headers = [(b"host", b"testserver"), (b"authorization", token)]
    headers += [(b"content-type", b"application/json"), (b"content-length", b"50")]
    scope = {"type": "http", "method": "POST", "path": "/api/actor/add", "headers": headers, "query_string": b""}
    gate = create_app(founded.open())
    asyncio.run(Gate(gate.app, gate.door, 1000, patience=0.05)(scope, receive, send))
    assert sent[1]["status"] == 408
    assert b"no more of the body came" in sent[2]["body"]
