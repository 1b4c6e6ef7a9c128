from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Message

from muster.api.headers import POLICY, guarded


def sent(response: Response, *, secure: bool) -> dict[str, str]:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    asyncio.run(response({"type": "http", "method": "GET"}, receive, guarded(send, secure=secure)))
    return {name.decode(): value.decode() for name, value in messages[0]["headers"]}


def test_every_answer_says_what_browsers_must_not_do_with_it(api: TestClient) -> None:
    for path in ("/health", "/sign-in", "/style.css", "/api/actor/list", "/nowhere"):
        headers = api.get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
    assert api.get("/api/actor/list").headers["cache-control"] == "no-store"


def test_what_an_answer_says_itself_is_kept() -> None:
    assert sent(Response(headers={"cache-control": "max-age=9"}), secure=False)["cache-control"] == "max-age=9"


def test_with_tls_browsers_are_told_to_come_by_tls_only() -> None:
    assert sent(Response(), secure=True)["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in sent(Response(), secure=False)


def test_nothing_may_run_or_be_loaded_from_elsewhere() -> None:
    assert POLICY.startswith("default-src 'none';")
    assert "unsafe" not in POLICY
    assert "form-action 'self'" in POLICY
