import asyncio
from typing import Any

import pytest

from muster.gateway.http import asgi
from muster.gateway.http.asgi import Bodies, Failed, Reply, send_whole


def read(*messages: dict[str, Any], most: int = 10, bodies: Bodies | None = None, headers: Any = ()) -> bytes:
    waiting = list(messages)

    async def receive() -> Any:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    return asyncio.run((bodies or Bodies()).read(receive, dict(headers), most))


def part(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_comes_in_one_piece_or_in_many() -> None:
    assert read(part(b"abc")) == b"abc"
    assert read(part(b"ab", more=True), part(b"", more=True), part(b"c")) == b"abc"


@pytest.mark.parametrize("messages", [(part(b"x" * 11),), (part(b"x" * 6, more=True), part(b"x" * 6))])
def test_a_body_that_is_too_large_is_refused(messages: Any) -> None:
    with pytest.raises(Failed, match="larger than 10 bytes") as failed:
        read(*messages)
    assert failed.value.status == 413


def test_a_head_that_promises_too_much_is_refused_unread() -> None:
    with pytest.raises(Failed, match="larger than 10 bytes"):
        read(headers=[(b"content-length", b"11")])


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "BODY_SECONDS", 0.05)
    with pytest.raises(Failed) as failed:
        read(part(b"a", more=True))
    assert failed.value.status == 408


def test_a_caller_that_hangs_up_is_told_nothing_more() -> None:
    with pytest.raises(Failed, match="ended before the body") as failed:
        read(part(b"a", more=True), {"type": "http.disconnect"})
    assert failed.value.status == 400


def test_all_bodies_together_are_bounded_and_forgotten_afterwards() -> None:
    bodies = Bodies(most_at_once=5)
    with pytest.raises(Failed, match="at once") as failed:
        read(part(b"abc", more=True), part(b"def"), bodies=bodies)
    assert failed.value.status == 503
    assert read(part(b"ab", more=True), part(b"c"), bodies=bodies) == b"abc"


def test_an_answer_says_how_long_it_is() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(send_whole(send, Reply(b"{}", 429, headers=[(b"retry-after", b"3")])))
    assert sent[0]["headers"] == [
        (b"content-type", b"application/json"),
        (b"content-length", b"2"),
        (b"retry-after", b"3"),
    ]
    assert (sent[0]["status"], sent[1]["body"]) == (429, b"{}")
